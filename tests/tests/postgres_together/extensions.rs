//! Columns with rows that become points and vectors, where the extension is there and where it comes with the run.

use super::{model, table};
use schemasync::{GeoPoint, Schema};
use schemasync_tests::{TestDatabase, assert_says, errors, found, scenario};

/// One table with a column `v` of that type.
fn places(ty: &str, postgres: Option<&str>) -> Schema {
    let native = postgres.map_or_else(String::new, |ty| format!(r#", "native": {{"postgres": {{"type": "{ty}"}}}}"#));
    model(&table("places", &format!(r#"{{"name": "v", "type": {ty}, "nullable": true{native}}}"#), ""))
}

const POINT: &str = r#""geo_point""#;
const TEXT: &str = r#""text""#;
const JSON: &str = r#""json""#;

/// The columns of the table are of that type, with these rows; then they become the other one.
async fn convert(db: &schemasync_tests::Postgres, from: Schema, values: &[&str], to: &Schema) -> schemasync::Report {
    db.exec("DROP TABLE IF EXISTS places, __schemasync_state, __schemasync_history; DROP EXTENSION IF EXISTS vector, postgis CASCADE").await;
    db.sync(from).await;
    for (at, value) in values.iter().enumerate() {
        db.exec(&format!("INSERT INTO places VALUES ({at}, {value})")).await;
    }
    db.run(to.clone()).await
}

scenario!(postgres: o4_a_point_in_a_text_or_in_json_becomes_one, |db| {
    if !db.has_extension("postgis").await {
        return;
    }
    let paris = GeoPoint { lon: 2.35, lat: -48.860_000_000_000_01 };
    let geojson = format!("'{}'", paris.to_geojson());
    let spaced = "' { \"coordinates\" : [ 2.35 , -48.860000000000007 ], \"type\" : \"Point\" } '";
    let whole = "'{\"type\": \"Point\", \"coordinates\": [-180, 9e1]}'";
    for (from, native, values) in [
        (TEXT, None, vec![geojson.as_str(), spaced, "NULL", whole, "'POINT(2.35 -48.860000000000007)'", "'srid=4326;point ( 2.35 -48.860000000000007 )'"]),
        (r#"{"varchar": 200}"#, None, vec![&geojson, "NULL"]),
        (JSON, None, vec![&geojson, spaced, "NULL", whole]),
        (TEXT, Some("json"), vec![&geojson, spaced, "NULL", whole]),
        (TEXT, Some("point"), vec!["'(2.35,-48.860000000000007)'", "NULL"]),
    ] {
        // The extension comes with the run.
        let to = places(POINT, None);
        let report = convert(db, places(from, native), &values, &to).await;
        assert!(!report.has_errors(), "{from} {native:?}: {report}");
        assert_eq!(db.type_of("places", "v").await, "geography(Point,4326)");
        let is = db.texts("SELECT concat_ws(' ', ST_X(v::geometry), ST_Y(v::geometry)) FROM places ORDER BY id").await;
        for (value, is) in values.iter().zip(is) {
            let want = if *value == "NULL" { "" } else if *value == whole { "-180 90" } else { "2.35 -48.86000000000001" };
            assert_eq!(is, want, "{from} {native:?}: {value}");
        }
        db.assert_settled(&to).await;
        // And back as what the extension writes.
        let back = places(TEXT, None);
        let report = db.syncing(&back).allow_revert(true).run_report().await.unwrap();
        assert!(!report.has_errors(), "{report}");
        let report = db.syncing(&to).allow_revert(true).run_report().await.unwrap();
        assert!(!report.has_errors(), "{report}");
        assert_eq!(db.texts("SELECT ST_X(v::geometry)::text FROM places WHERE id = 0").await, ["2.35"]);
    }
});

scenario!(postgres: o4_what_is_no_point_is_counted, |db| {
    if !db.has_extension("postgis").await {
        return;
    }
    let good = "'{\"type\": \"Point\", \"coordinates\": [1, 2]}'";
    let wrong = [
        "'{\"type\": \"Point\", \"coordinates\": [1, 2, 3]}'",
        "'{\"type\": \"Point\", \"coordinates\": [1]}'",
        "'{\"type\": \"Point\", \"coordinates\": [181, 2]}'",
        "'{\"type\": \"Point\", \"coordinates\": [1, -90.5]}'",
        "'{\"type\": \"Point\", \"coordinates\": [1, \"2\"]}'",
        "'{\"type\": \"Point\", \"coordinates\": [1, null]}'",
        "'{\"type\": \"Point\", \"coordinates\": {\"0\": 1, \"1\": 2}}'",
        "'{\"type\": \"Point\"}'",
        "'{\"type\": \"LineString\", \"coordinates\": [[1, 2], [3, 4]]}'",
        "'{\"type\": \"Point\", \"coordinates\": [1, 2], \"crs\": {\"type\": \"name\", \"properties\": {\"name\": \"EPSG:3857\"}}}'",
        "'{\"type\": \"Point\", \"coordinates\": [1e400, 2]}'",
        "'[1, 2]'",
        "'7'",
        "'null'",
    ];
    let texts = ["''", "'nowhere'", "'{'", "'{\"type\"'", "'POINT(1 2 3)'", "'POINT(181 2)'", "'SRID=3857;POINT(1 2)'", "'LINESTRING(1 2, 3 4)'", "'0101000020110F0000000000000000F03F0000000000000040'"];
    let to = places(POINT, None);
    for (from, values) in [(TEXT, [&wrong[..], &texts[..]].concat()), (JSON, wrong.to_vec())] {
        let all: Vec<&str> = values.iter().copied().chain([good, "NULL"]).collect();
        let report = convert(db, places(from, None), &all, &to).await;
        let counted = format!("{} values cannot be converted", values.len());
        assert_says(errors(&report, "places"), &["places.v", &counted, "id = 0", "allow_lossy"]);
        assert_eq!(db.value("SELECT count(v) FROM places").await, (values.len() + 1).to_string());
        // On request they give way to NULL, which is said.
        let report = db.syncing(&to).allow_lossy(true).run_report().await.unwrap();
        assert!(!report.has_errors(), "{report}");
        assert_says(found(&report.entries, "places").warnings.join("\n"), &[&counted.replace("values", "values of \"v\""), "replaced by NULL"]);
        assert_eq!(db.texts("SELECT ST_AsText(v) FROM places WHERE v IS NOT NULL").await, ["POINT(1 2)"]);
        db.assert_settled(&to).await;
    }
});

scenario!(postgres: o5_rows_become_vectors_and_the_extension_comes_with_them, |db| {
    if !db.has_extension("vector").await {
        return;
    }
    let to = places(r#"{"vector": 3}"#, None);
    for (from, native, values) in [
        (TEXT, None, vec!["'[1,2.5,-3e-2]'", "' [ 1 , 2.5,-.03 ] '", "NULL"]),
        (JSON, None, vec!["'[1, 2.5, -0.03]'", "NULL"]),
        (TEXT, Some("real[]"), vec!["'{1,2.5,-0.03}'", "NULL"]),
        (TEXT, Some("numeric[]"), vec!["'{1.000,2.5,-0.03}'", "NULL"]),
    ] {
        let report = convert(db, places(from, native), &values, &to).await;
        assert!(!report.has_errors(), "{from} {native:?}: {report}");
        let vectors = db.texts("SELECT DISTINCT v::text FROM places WHERE v IS NOT NULL").await;
        assert_eq!(vectors, ["[1,2.5,-0.03]"], "{from} {native:?}");
        db.assert_settled(&to).await;
    }
    let wrong = ["'[1,2]'", "'[1,2,3,4]'", "'[1,2,\"3\"]'", "'[1,2,null]'", "'[[1,2,3]]'", "'[]'", "'{\"a\": 1}'", "'[1,2,1e39]'"];
    let report = convert(db, places(JSON, None), &wrong, &to).await;
    assert_says(errors(&report, "places"), &["places.v", "8 values cannot be converted", "id = 0"]);
    let arrays = ["'{1,2}'", "'{1,2,NULL}'", "'{{1,2,3}}'", "'{1,2,NaN}'", "'{}'"];
    let report = convert(db, places(TEXT, Some("double precision[]")), &arrays, &to).await;
    assert_says(errors(&report, "places"), &["places.v", "5 values cannot be converted", "id = 0"]);
});

scenario!(postgres: o3_vectors_of_other_dimensions_do_not_convert, |db| {
    if !db.has_extension("vector").await {
        return;
    }
    let (three, five) = (places(r#"{"vector": 3}"#, None), places(r#"{"vector": 5}"#, None));
    let report = convert(db, three.clone(), &["'[1,2,3]'", "NULL", "'[4,5,6]'"], &five).await;
    assert_says(errors(&report, "places"), &["places.v (vector(3) → vector(5))", "2 values cannot be converted", "[1,2,3]", "id = 0"]);
    assert_eq!(db.type_of("places", "v").await, "vector(3)");
    let report = db.syncing(&five).allow_lossy(true).run_report().await.unwrap();
    assert!(!report.has_errors(), "{report}");
    assert_says(found(&report.entries, "places").warnings.join("\n"), &["2 values of \"v\"", "replaced by NULL"]);
    assert_eq!(db.texts("SELECT format('%s %s', count(*), count(v)) FROM places").await, ["3 0"]);
    db.assert_settled(&five).await;
    // Without values there is nothing to lose.
    let report = convert(db, three, &["NULL"], &five).await;
    assert!(!report.has_errors(), "{report}");
    assert_eq!(db.type_of("places", "v").await, "vector(5)");
    // A vector of any length that has as many.
    let report = convert(db, places(TEXT, Some("text")), &["'[1,2,3,4,5]'"], &places(TEXT, Some("vector"))).await;
    assert!(!report.has_errors(), "{report}");
    let report = db.run(five.clone()).await;
    assert!(!report.has_errors(), "{report}");
    assert_eq!(db.texts("SELECT v::text FROM places").await, ["[1,2,3,4,5]"]);
});
