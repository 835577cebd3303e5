// One step of `drizzle-kit push`, by the functions of its package that do it: introspection, comparison, then its statements, applied
// as the command applies them (SQLite: one transaction; PostgreSQL: none).
//
// `drizzle_side.cjs URL DESCRIPTION`, with NODE_PATH on the installed packages. Before the clock: imports, the models, the connection.
'use strict';

const fs = require('node:fs');
const { performance } = require('node:perf_hooks');
const kit = require('drizzle-kit/api');

function models(tables, make) {
  const made = {};
  for (const table of tables) {
    const columns = {};
    for (const column of table.columns) {
      let of = column.kind === 'id' ? make.id() : column.kind === 'text' ? make.text(column.name) : make.number(column.name);
      if (column.name === 'parent_id') of = of.references(() => made[table.parent].id);
      if (column.default !== null) of = of.default(column.default);
      columns[column.name] = column.nullable || column.kind === 'id' ? of : of.notNull();
    }
    made[table.name] = make.table(table.name, columns, (t) => [
      ...table.unique.map((name) => make.uniqueIndex(`${table.name}_${name}_key`).on(t[name])),
      ...table.index.map((name) => make.index(`${table.name}_${name}_idx`).on(t[name])),
    ]);
  }
  return made;
}

async function postgres(url, tables) {
  const pg = require('drizzle-orm/pg-core');
  const { Pool } = require('pg');
  const { drizzle } = require('drizzle-orm/node-postgres');
  const made = models(tables, {
    id: () => pg.bigint('id', { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(),
    text: (name) => pg.text(name),
    number: (name) => pg.bigint(name, { mode: 'number' }),
    table: pg.pgTable,
    index: pg.index,
    uniqueIndex: pg.uniqueIndex,
  });
  const client = new Pool({ connectionString: url, max: 1 }); // as the command connects
  await client.query('SELECT 1');
  const started = performance.now();
  const push = await kit.pushSchema(made, drizzle(client));
  await push.apply();
  const seconds = (performance.now() - started) / 1000;
  await client.end();
  return { seconds, statements: push.statementsToExecute.length };
}

async function sqlite(file, tables) {
  const lite = require('drizzle-orm/sqlite-core');
  const Database = require('better-sqlite3');
  const { drizzle } = require('drizzle-orm/better-sqlite3');
  const made = models(tables, {
    id: () => lite.integer('id').primaryKey(),
    text: (name) => lite.text(name),
    number: (name) => lite.integer(name),
    table: lite.sqliteTable,
    index: lite.index,
    uniqueIndex: lite.uniqueIndex,
  });
  const database = new Database(file);
  database.prepare('SELECT 1').get();
  const started = performance.now();
  const push = await kit.pushSQLiteSchema(made, drizzle(database));
  database.exec('begin');
  for (const statement of push.statementsToExecute) database.exec(statement);
  database.exec('commit');
  const seconds = (performance.now() - started) / 1000;
  database.close();
  return { seconds, statements: push.statementsToExecute.length };
}

const [url, description] = process.argv.slice(2);
const tables = JSON.parse(fs.readFileSync(description, 'utf8'));
const step = url.startsWith('sqlite:') ? sqlite(url.slice('sqlite:'.length), tables) : postgres(url, tables);
step.then(
  (result) => console.log(JSON.stringify(result)),
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
