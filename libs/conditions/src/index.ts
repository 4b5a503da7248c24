export {
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
