#!/bin/sh
# Runs once, when the database volume is new: the migrator owns the schema, the app gets its rights from the migrations.
set -eu
mariadb -uroot -p"$MARIADB_ROOT_PASSWORD" <<SQL
CREATE DATABASE IF NOT EXISTS yima CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE USER IF NOT EXISTS 'yima_migrator'@'%' IDENTIFIED BY '$YIMA_MIGRATOR_PASSWORD';
CREATE USER IF NOT EXISTS 'yima_app'@'%' IDENTIFIED BY '$YIMA_APP_PASSWORD';
GRANT ALL PRIVILEGES ON yima.* TO 'yima_migrator'@'%' WITH GRANT OPTION;
SQL
