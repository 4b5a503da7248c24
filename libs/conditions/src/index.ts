export {
  compileAtBest,
  compileCondition,
  leavesOf,
  type CompiledCondition,
  type Evaluate,
  type LeafTrace,
} from './compile-condition';
export {
  isAll,
  isAny,
  isNot,
  OPERATORS,
  type AllOf,
  type AnyOf,
  type Condition,
  type Leaf,
  type LeafValue,
  type NotOf,
  type Operator,
  type Scalar,
  type Span,
  type Truth,
} from './condition';
export { explainCondition, explainLeaf, type NameOf } from './explain-condition';
export {
  DEFAULT_SENTENCE,
  FieldRegistry,
  type Fact,
  type FieldDefinition,
  type FieldDescription,
  type KnownFact,
  type OptionsSource,
} from './field-registry';
export { OPERATOR_LABELS, operatorLabel, type FieldType, type ValueShape } from './field-type';
export {
  MAX_DEPTH,
  MAX_NODES,
  validateCondition,
  type ConditionCheck,
  type ConditionProblem,
} from './validate-condition';
