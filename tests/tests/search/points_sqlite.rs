//! O4 on SQLite with the feature `sqlite-rtree`: an R*Tree of the places that a column holds.

use schemasync::{GeoPoint, schema};
use schemasync_tests::{Sqlite, TestDatabase, assert_says, found, scenario};

const INDEX: &str = "schemasync__geo__places__at";

mod places {
    use schemasync::GeoPoint;

    #[derive(schemasync::DbTable)]
    #[db(table = "places")]
    pub struct Place {
        #[db(id)]
        pub id: i64,
        #[db(unique)]
        pub name: String,
        #[db(index(geo))]
        pub at: Option<GeoPoint>,
    }
}

mod without_index {
    use schemasync::GeoPoint;

    #[derive(schemasync::DbTable)]
    #[db(table = "places")]
    pub struct Place {
        #[db(id)]
        pub id: i64,
        #[db(unique)]
        pub name: String,
        pub at: Option<GeoPoint>,
    }
}

fn point(lon: f64, lat: f64) -> String {
    format!("'{}'", GeoPoint { lon, lat }.to_geojson())
}

async fn fill(db: &Sqlite) {
    db.exec(&format!(
        "INSERT INTO places (id, name, at) VALUES (1, 'Paris', {}), (2, 'Berlin', {}), (3, 'Lima', {}), (4, 'nowhere', NULL), (5, 'broken', '{{\"a\":1}}'), (6, 'no json', 'x')",
        point(2.35, 48.86),
        point(13.4, 52.5),
        point(-77.0, -12.0)
    ))
    .await;
}

/// The ids in a box, by the R*Tree.
async fn within(db: &Sqlite, [west, south, east, north]: [f64; 4]) -> Vec<String> {
    let sql = format!(
        "SELECT id FROM {INDEX} WHERE \"at.min_lon\" <= {east} AND \"at.max_lon\" >= {west} AND \"at.min_lat\" <= {north} AND \"at.max_lat\" >= {south} ORDER BY id"
    );
    db.rows(&sql).await.into_iter().map(|row| row[0].clone()).collect()
}

const EUROPE: [f64; 4] = [-10.0, 35.0, 40.0, 70.0];

scenario!(sqlite: o4_a_geo_index_comes_over_rows_follows_them_and_goes, |db| {
    db.sync(schema![without_index::Place]).await;
    fill(db).await;
    let report = db.sync(schema![places::Place]).await;
    assert_eq!(found(&report.entries, "places").indexes_created, [INDEX]);
    assert_eq!(within(db, EUROPE).await, ["1", "2"]);
    db.exec(&format!("UPDATE places SET at = {} WHERE id = 3", point(10.0, 50.0))).await;
    db.exec("UPDATE places SET at = NULL WHERE id = 1; DELETE FROM places WHERE id = 2").await;
    assert_eq!(within(db, EUROPE).await, ["3"]);
    db.exec(&format!("INSERT OR REPLACE INTO places VALUES (7, 'Lima', {})", point(11.0, 51.0))).await;
    assert_eq!(within(db, EUROPE).await, ["7"]);
    db.exec(&format!("INSERT INTO places VALUES (7, 'x', NULL) ON CONFLICT DO UPDATE SET at = {}", point(0.0, 0.0))).await;
    assert_eq!(within(db, EUROPE).await, Vec::<String>::new());
    assert_eq!(db.value(&format!("SELECT count(*) FROM {INDEX}")).await, "1");
    db.sync_with(schema![without_index::Place], |sync| sync.allow_revert(true)).await;
    assert_eq!(db.value("SELECT count(*) FROM sqlite_schema WHERE name LIKE '%geo%'").await, "0");
    db.assert_like_new(schema![without_index::Place]).await;
});

scenario!(sqlite: o4_a_geo_index_follows_renames_and_another_key, |db| {
    mod renamed {
        use schemasync::GeoPoint;

        #[derive(schemasync::DbTable)]
        #[db(table = "towns", renamed = "places", sync_method = recreate)]
        pub struct Town {
            pub id: i64,
            #[db(id)]
            pub name: String,
            #[db(renamed = "at", index(geo))]
            pub place: Option<GeoPoint>,
        }
    }
    db.sync(schema![places::Place]).await;
    fill(db).await;
    assert_eq!(within(db, EUROPE).await, ["1", "2"]);
    db.sync(schema![renamed::Town]).await;
    let index = "schemasync__geo__towns__place";
    let sql = format!("SELECT k.name FROM {index} AS g JOIN {index}__keys AS k ON k.docid = g.docid WHERE \"place.min_lon\" > -10 ORDER BY 1");
    assert_eq!(db.rows(&sql).await, [["'Berlin'"], ["'Paris'"]]);
    db.exec("UPDATE towns SET name = 'Bonn' WHERE name = 'Berlin'").await;
    assert_eq!(db.rows(&sql).await, [["'Bonn'"], ["'Paris'"]]);
    db.assert_like_new(schema![renamed::Town]).await;
});

scenario!(sqlite: o4_a_dropped_trigger_of_a_geo_index_is_drift_and_restored, |db| {
    db.sync(schema![places::Place]).await;
    fill(db).await;
    let fresh = db.dump().await;
    db.exec(&format!("DROP TRIGGER {INDEX}__after_update; UPDATE places SET at = NULL")).await;
    assert_eq!(within(db, EUROPE).await, ["1", "2"]);
    let drift = db.syncing(&schema![places::Place]).drift().await.expect("drift");
    assert!(!drift.is_empty());
    assert_says(format!("{drift:?}"), &[INDEX]);
    db.sync_with(schema![places::Place], |sync| sync.force(true)).await;
    assert_eq!(within(db, EUROPE).await, Vec::<String>::new());
    assert_eq!(db.dump().await, fresh);
});
