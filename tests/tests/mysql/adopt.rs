//! A database that is there already: pulled, planned to nothing, adopted without a change.

use crate::both;
use schemasync::{RunStatus, Schema, SchemaSync};

/// A shop as an application of these servers has it: other collations, native types, prefixes, keys of every kind, a view, a trigger.
const SHOP: &str = "
CREATE TABLE country (country_id smallint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, country varchar(50) NOT NULL, last_update timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci COMMENT='where people live';
CREATE TABLE city (city_id int unsigned NOT NULL AUTO_INCREMENT, city varchar(50) NOT NULL, country_id smallint unsigned NOT NULL, rate decimal(5,2) NOT NULL DEFAULT '4.99', kind enum('G','PG','NC-17') DEFAULT 'G', features set('a','b') DEFAULT NULL,
  notes text, small mediumint DEFAULT NULL, opened year DEFAULT NULL, picture mediumblob, bits bit(3) DEFAULT b'101', code char(3) NOT NULL DEFAULT '', made datetime DEFAULT NULL COMMENT 'when it''s made', total decimal(7,2) GENERATED ALWAYS AS (rate * 2) STORED,
  PRIMARY KEY (city_id), UNIQUE KEY uq_city (city, country_id), KEY idx_notes (notes(20)), KEY idx_code (code, rate), FULLTEXT KEY ft_notes (notes),
  CONSTRAINT fk_city_country FOREIGN KEY (country_id) REFERENCES country (country_id) ON DELETE RESTRICT ON UPDATE CASCADE, CONSTRAINT rate_is_positive CHECK (rate > 0)) ENGINE=InnoDB DEFAULT CHARSET=latin1;
CREATE TABLE logs (id bigint NOT NULL PRIMARY KEY, line text) ENGINE=MyISAM DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
CREATE VIEW cities AS SELECT c.city_id, c.city, n.country FROM city c JOIN country n ON n.country_id = c.country_id WHERE c.rate > 1;
CREATE TRIGGER stamp BEFORE INSERT ON logs FOR EACH ROW SET NEW.line = upper(NEW.line);
INSERT INTO country (country) VALUES ('Peru'), ('Chile');
INSERT INTO city (city, country_id, notes) VALUES ('Lima', 1, 'big'), ('Arica', 2, NULL);
INSERT INTO logs VALUES (1, 'x');";

both!(a_shop_is_pulled_and_adopted_without_a_change, |db| {
    db.exec(SHOP).await;
    let before = db.dump().await;
    let (pulled, notes) = Schema::from_database(&db.pool).await.expect("pulling");
    assert!(notes.iter().any(|note| note.contains("stamp")), "{notes:?}");
    let plan = SchemaSync::new(&db.pool).schema(pulled.clone()).plan().await.expect("planning");
    assert!(plan.is_empty(), "the pulled schema plans to\n{plan}\n{}", plan.to_sql());
    for expected in [RunStatus::Synced, RunStatus::UpToDate] {
        let report = SchemaSync::new(&db.pool).schema(pulled.clone()).run().await.expect("syncing");
        assert_eq!(report.status, expected, "{report}");
        assert!(!report.has_errors(), "{report}");
    }
    assert_eq!(db.dump().await, before, "the first sync adopts and changes nothing");
    assert_eq!(
        db.rows("SELECT city, country FROM cities ORDER BY 1").await,
        [["'Arica'", "'Chile'"], ["'Lima'", "'Peru'"]]
    );
});
