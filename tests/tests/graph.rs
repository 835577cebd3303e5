//! `graph`: what is drawn of a small schema, word for word, and the page in a real browser.

use schemasync::cli::graph;
use schemasync::{Plan, Schema, SchemaSync};
use schemasync_tests::{Sqlite, TestDatabase, run_scenario};
use std::path::{Path, PathBuf};
use std::process::Command;

const SMALL: &str = r#"{"schemasync": 1, "tables": [
    {"name": "users", "comment": "Those who log in", "columns": [{"name": "id", "type": "int64"}, {"name": "email", "type": {"varchar": 255}}],
     "primary_key": "id", "indexes": [{"name": "email", "kind": "unique", "parts": ["email"]}]},
    {"name": "order", "columns": [{"name": "id", "type": "int64"}, {"name": "user id", "type": "int64", "nullable": true}, {"name": "total", "type": {"decimal": [10, 2]}}],
     "primary_key": "id", "foreign_keys": [{"columns": "user id", "target": "users", "target_columns": "id"}]}],
  "views": [{"name": "buyers", "sql": "SELECT email FROM users", "columns": ["email"]}]}"#;

fn small() -> Schema {
    Schema::from_json(SMALL).expect("a schema")
}

#[test]
fn mermaid_of_a_small_schema() {
    insta::assert_snapshot!(graph::mermaid(&small(), None));
}

#[test]
fn dot_of_a_small_schema() {
    let dot = graph::dot(&small(), None);
    insta::assert_snapshot!(dot);
    // Graphviz is not everywhere.
    let Ok(mut child) = Command::new("dot")
        .arg("-Tsvg")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
    else {
        return;
    };
    use std::io::Write as _;
    child.stdin.take().expect("a pipe").write_all(dot.as_bytes()).expect("writing");
    assert!(child.wait().expect("dot").success());
}

async fn planned(db: &Sqlite) -> Plan {
    db.exec("CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL)").await;
    SchemaSync::new(&db.pool).schema(small()).plan().await.expect("planning")
}

#[test]
fn a_real_plan_is_drawn() {
    run_scenario(async |db: &Sqlite| {
        let plan = planned(db).await;
        let svg = graph::svg(&small(), Some(&plan));
        assert!(svg.contains("node create\" id=\"n0\" data-name=\"order\""), "{svg}");
        assert!(svg.contains("node alter\" id=\"n1\" data-name=\"users\""), "{svg}");
        assert!(svg.contains("+ index schemasync__unique__users__email"), "{svg}");
    });
}

fn browser() -> Option<PathBuf> {
    let named = std::env::var_os("SCHEMASYNC_TEST_BROWSER").map(PathBuf::from);
    let known = ["/usr/bin/chromium", "/usr/bin/google-chrome", "/usr/bin/chromium-browser"].map(PathBuf::from);
    named.into_iter().chain(known).find(|path| path.is_file())
}

/// Uses the page as a reader does, and puts what came of it into the document.
const USE: &str = r##"<script>
(async () => {
  const told = {}, svg = document.getElementById('picture'), input = document.getElementById('search');
  const place = () => document.getElementById('world').getAttribute('transform');
  const scale = () => +place().match(/scale\(([^)]+)\)/)[1];
  const send = (target, kind, what) => target.dispatchEvent(Object.assign(new Event(kind, { bubbles: true, cancelable: true }), what));
  let before = scale();
  document.getElementById('in').click();
  told.button = scale() > before;
  before = scale();
  send(svg, 'wheel', { deltaY: -200, deltaMode: 0, clientX: 100, clientY: 100 });
  told.wheel = scale() > before;
  before = place();
  svg.setPointerCapture = svg.hasPointerCapture = () => true;
  send(svg, 'pointerdown', { button: 0, pointerId: 1, clientX: 10, clientY: 10 });
  send(svg, 'pointermove', { pointerId: 1, clientX: 60, clientY: 40 });
  send(svg, 'pointerup', { pointerId: 1 });
  told.drag = place() !== before;
  input.value = 'USER';
  send(input, 'input', {});
  const hit = document.querySelector('.hit.current');
  told.search = hit && hit.dataset.name;
  const box = hit.getBoundingClientRect();
  told.centred = Math.abs(box.left + box.width / 2 - innerWidth / 2) < 3;
  told.hits = [...document.querySelectorAll('.hit')].map((hit) => hit.dataset.name).sort();
  told.ran = window.ran === undefined;
  const done = document.createElement('pre');
  done.id = 'told';
  done.textContent = JSON.stringify(told);
  document.body.append(done);
})();
</script></body>"##;

fn dump(browser: &Path, page: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("page.html");
    std::fs::write(&file, page).expect("writing the page");
    let profile = format!("--user-data-dir={}", folder.path().join("profile").display());
    let done = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--window-size=1600,1000", "--dump-dom", &profile])
        .arg(format!("file://{}", file.display()))
        .output()
        .expect("starting the browser");
    String::from_utf8_lossy(&done.stdout).into_owned()
}

#[test]
fn the_page_works_in_a_browser() {
    let Some(browser) = browser() else {
        println!("NOT TESTED: the page in a browser, because there is no chromium (see docs/testing.md)");
        return;
    };
    let mut schema = small();
    let mut evil = schema.tables.iter().find(|table| table.name == "users").cloned().expect("users");
    evil.name = "<script>window.ran = 1</script><img src=x onerror='window.ran = 1'>".into();
    schema.tables.push(evil);
    let page = graph::html(&schema, None).replace("</body>", USE);
    let dom = dump(&browser, &page);
    let told = dom.split_once("<pre id=\"told\">").and_then(|(_, rest)| rest.split_once("</pre>"));
    let told = told.unwrap_or_else(|| panic!("the page did not get to its end:\n{dom}")).0;
    let told: serde_json::Value = serde_json::from_str(told).expect("JSON");
    let expected = serde_json::json!({
        "button": true, "wheel": true, "drag": true, "search": "users", "centred": true, "hits": ["order", "users"], "ran": true
    });
    assert_eq!(told, expected);
}
