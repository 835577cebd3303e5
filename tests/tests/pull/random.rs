//! Random models: made, pulled, compiled, and then there is nothing to do.

use super::{checked_in, models};
use schemasync::cli::pull::rust_source;
use schemasync::dialect::postgres::Postgres;
use schemasync::dialect::{self, Dialect};
use schemasync::{Schema, SchemaSync};
use schemasync_tests::random::{Choices, Model, for_postgres};
use schemasync_tests::{Sqlite, TestDatabase, run_scenario};

/// How many are compiled.
const COMPILED: u32 = 24;
/// How many are looked at.
const ALL: u32 = 150;

fn random(seed: u32) -> Option<Schema> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(12_345);
    let row: Vec<u32> = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state
    })
    .take(400)
    .collect();
    Model::random(&mut Choices::new(&row)).schema()
}

/// The database of that model, as somebody else's program would have made it.
async fn make(db: &Sqlite, schema: &Schema) -> bool {
    let report = SchemaSync::new(&db.pool).schema(schema.clone()).run_report().await;
    report.is_ok_and(|report| !report.has_errors())
}

async fn forget(db: &Sqlite) {
    db.exec("DROP TABLE __schemasync_state; DROP TABLE __schemasync_history").await;
}

/// `lower(raise(C)) == C` for every catalog that a model lowers to, of which a model can say all.
fn raise_is_the_reverse_of_lower(dialect: &dyn Dialect, model: fn(&Schema) -> Schema) {
    let mut seen = 0;
    for seed in 0..ALL {
        let Some(schema) = random(seed) else { continue };
        let lowered = dialect.lower(&model(&schema));
        let raised = dialect.raise(&lowered.catalog);
        if !lowered.errors.is_empty() || !raised.notes.is_empty() {
            continue;
        }
        seen += 1;
        let mut again = dialect.lower(&raised.schema);
        assert!(again.errors.is_empty(), "seed {seed}: {:#?}", again.errors);
        for (name, view) in &lowered.catalog.views {
            let Some(raised) = again.catalog.views.get_mut(name) else { panic!("seed {seed}: {name} is lost") };
            // A view comes back as text, in which names are found that only look like relations: never fewer than there were.
            assert!(
                view.sql.reads.relations.iter().all(|name| raised.sql.reads.relations.contains(name)),
                "seed {seed}: {view:?} {raised:?}"
            );
            raised.sql.reads.relations.clone_from(&view.sql.reads.relations);
        }
        for (name, table) in &lowered.catalog.tables {
            let Some(raised) = again.catalog.tables.get_mut(name) else { panic!("seed {seed}: {name} is lost") };
            // A native type that serves as well as the logical one's is not said.
            for (raised, column) in raised.columns.iter_mut().zip(&table.columns) {
                // What the values mean is not in the database.
                raised.values.clone_from(&column.values);
                if dialect.equivalent_type(&raised.ty, &column.ty) {
                    raised.ty.clone_from(&column.ty);
                }
                // Which of the logical types of a native one the values are of, the database does not tell.
                raised.values.clone_from(&column.values);
            }
        }
        assert_eq!(again.catalog, lowered.catalog, "seed {seed}");
    }
    assert!(seen > ALL / 3, "only {seen} of {ALL} could be said");
}

#[test]
fn raise_is_the_reverse_of_lower_on_sqlite() {
    raise_is_the_reverse_of_lower(&dialect::sqlite::Sqlite::new("3.51.3"), Schema::clone);
}

#[test]
fn raise_is_the_reverse_of_lower_on_postgres() {
    raise_is_the_reverse_of_lower(&Postgres::new(170_004, "public"), for_postgres);
}

#[test]
fn every_database_plans_to_nothing_once_it_is_pulled() {
    let mut seen = 0;
    for seed in 0..ALL {
        let Some(schema) = random(seed) else { continue };
        run_scenario(async |db: &Sqlite| {
            if !make(db, &schema).await {
                return;
            }
            seen += 1;
            for managed in [true, false] {
                if !managed {
                    forget(db).await;
                }
                let (pulled, notes) = Schema::from_database(&db.pool).await.expect("pulling");
                let plan = SchemaSync::new(&db.pool).schema(pulled).plan().await.expect("planning");
                assert!(plan.is_empty(), "seed {seed}, managed {managed}: {plan}\n{notes:#?}");
                assert!(plan.unmanaged.is_empty() || !managed, "seed {seed}: {:?}", plan.unmanaged);
            }
        });
    }
    assert!(seen > ALL / 2, "only {seen} of {ALL} could be made");
}

#[test]
fn and_so_do_its_compiled_models() {
    let mut source = String::new();
    let mut all = Vec::new();
    for seed in 0..COMPILED {
        let Some(schema) = random(seed) else { continue };
        run_scenario(async |db: &Sqlite| {
            if make(db, &schema).await {
                let (pulled, notes) = Schema::from_database(&db.pool).await.expect("pulling");
                let text = rust_source(&pulled, &notes);
                source.push_str(&format!("pub mod model_{seed} {{\n{text}}}\n\n"));
                // What Rust cannot say would be dropped: by its name it is ours.
                all.push((seed, schema.clone(), !text.contains("left out")));
            }
        });
    }
    source.push_str("pub fn all() -> Vec<(u32, schemasync::Schema)> {\n    vec![\n");
    for (seed, ..) in &all {
        source.push_str(&format!("        ({seed}, model_{seed}::schema()),\n"));
    }
    source.push_str("    ]\n}\n");
    checked_in("random", &source);

    let compiled = models::random::all();
    assert_eq!(compiled.len(), all.len(), "run again: the models have been written anew");
    for ((seed, schema, sayable), (_, compiled)) in all.into_iter().zip(compiled) {
        run_scenario(async |db: &Sqlite| {
            if !sayable {
                return;
            }
            assert!(make(db, &schema).await);
            for managed in [true, false] {
                if !managed {
                    forget(db).await;
                }
                let sync = || SchemaSync::new(&db.pool).schema(compiled.clone());
                let plan = sync().plan().await.expect("planning");
                assert!(plan.is_empty(), "model {seed}, managed {managed}: {plan}");
                let report = sync().run_report().await.expect("syncing");
                assert!(!report.has_errors() && sync().plan().await.expect("planning").is_empty(), "{report}");
            }
        });
    }
}
