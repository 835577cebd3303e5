use crate::descriptor::*;
use crate::model::{Column, DataType, DefaultValue, IndexKind, IndexOn, IndexPart, Schema};
use crate::schema;

/// What a table says when it says nothing.
const fn table(name: &'static str, fields: &'static [FieldDef]) -> TableDef {
    TableDef {
        rust_name: name,
        rust_path: name,
        name,
        renamed: &[],
        schema: None,
        space: None,
        sync_method: None,
        comment: None,
        fields,
        indexes: &[],
        foreign_keys: &[],
        checks: &[],
        relations: &[],
        options: TableOptionsDef::NONE,
    }
}

const fn plain(parts: &'static [IndexPartDef]) -> IndexDef {
    IndexDef {
        name: None,
        kind: IndexKindDef::Plain,
        nulls_not_distinct: false,
        parts,
        predicate: None,
        include: &[],
        language: None,
        filters: &[],
    }
}

const fn part(field: &'static str) -> IndexPartDef {
    IndexPartDef { on: IndexOnDef::Column(field), order: SortOrder::Asc, weight: None }
}

const ID: FieldDef =
    FieldDef::Column(ColumnDef { primary_key: true, ..ColumnDef::new("id", "id", LogicalType::Int64, false) });

macro_rules! table_of {
    ($rust:ident, $def:expr) => {
        struct $rust;
        impl DbTable for $rust {
            fn table() -> &'static TableDef {
                static DEF: TableDef = $def;
                &DEF
            }
        }
    };
}

static POINT: EmbedDef = EmbedDef {
    rust_name: "Point",
    fields: &[FieldDef::Column(ColumnDef {
        renamed: &["lt"],
        ..ColumnDef::new("lat", "lat", LogicalType::Float64, false)
    })],
    indexes: &[],
    foreign_keys: &[],
};

static ADDRESS: EmbedDef = EmbedDef {
    rust_name: "Address",
    fields: &[
        FieldDef::Column(ColumnDef {
            max_length: Some(80),
            ..ColumnDef::new("town", "city", LogicalType::Text, false)
        }),
        FieldDef::Column(ColumnDef::new("country", "country", LogicalType::Int64, true)),
        FieldDef::Embed { field: "at", column: "at", prefix: None, renamed: &["pos"], nullable: true, def: || &POINT },
    ],
    indexes: &[plain(&[part("town"), part("at.lat")]), IndexDef { name: Some("by_town"), ..plain(&[part("town")]) }],
    foreign_keys: &[ForeignKeyDef {
        alias: None,
        columns: &["country"],
        target: Country::table,
        target_columns: &["id"],
        on_delete: ReferentialAction::SetNull,
        on_update: ReferentialAction::NoAction,
    }],
};

table_of!(Country, TableDef { schema: Some("geo"), ..table("countries", &[ID]) });
table_of!(
    User,
    TableDef {
        indexes: &[
            IndexDef { kind: IndexKindDef::Unique, ..plain(&[part("home.town")]) },
            plain(&[IndexPartDef {
                on: IndexOnDef::Expression("lower(home__city)"),
                order: SortOrder::Desc,
                weight: None
            }]),
            IndexDef {
                kind: IndexKindDef::Vector(VectorDef {
                    dimensions: 0,
                    similarity: Similarity::Cosine,
                    threshold: None
                }),
                language: None,
                filters: &["home.country"],
                ..plain(&[part("mind")])
            },
        ],
        checks: &[CheckDef { name: None, sql: "id > 0" }],
        options: TableOptionsDef { postgres_schema: Some("app"), ..TableOptionsDef::NONE },
        ..table(
            "users",
            &[
                ID,
                FieldDef::Embed {
                    field: "home",
                    column: "home",
                    prefix: None,
                    renamed: &["house"],
                    nullable: false,
                    def: || &ADDRESS
                },
                FieldDef::Column(ColumnDef {
                    version: true,
                    ..ColumnDef::new("rev", "rev", LogicalType::Int32, false)
                }),
                FieldDef::Column(ColumnDef {
                    vector: Some(VectorDef { dimensions: 0, similarity: Similarity::Cosine, threshold: None }),
                    ..ColumnDef::new("mind", "mind", LogicalType::Vector(256), false)
                }),
                FieldDef::Column(ColumnDef {
                    json: true,
                    dimension: true,
                    ..ColumnDef::new("extra", "extra", LogicalType::Text, true)
                }),
            ]
        )
    }
);

struct Everyone;
impl DbView for Everyone {
    fn view() -> &'static ViewDef {
        static DEF: ViewDef = ViewDef {
            rust_name: "Everyone",
            rust_path: "m::Everyone",
            name: "everyone",
            renamed: &[],
            schema: None,
            space: None,
            sql: Some("SELECT id FROM users"),
            query: None,
            materialized: false,
            columns: &["id"],
            fields: &["id"],
        };
        &DEF
    }
}

mod nested {
    pub(super) use super::Country as Land;
}

fn users() -> crate::model::Table {
    Schema::of::<User>().tables.remove(0)
}

#[test]
fn schema_takes_tables_views_and_paths_and_sorts_them() {
    let schema = schema![User, Everyone, nested::Land, User,];
    assert_eq!(schema.problems, Vec::<String>::new());
    assert_eq!(schema.tables.iter().map(|table| table.name.as_str()).collect::<Vec<_>>(), ["users", "countries"]);
    assert_eq!(schema.views[0].sql.as_deref(), Some("SELECT id FROM users"));
    assert_eq!(schema![], Schema::default());
}

#[test]
fn embedded_structs_are_spread_over_prefixed_columns() {
    let table = users();
    let names: Vec<_> = table.columns.iter().map(|column| (column.name.as_str(), column.nullable)).collect();
    assert_eq!(
        names,
        [
            ("id", false),
            ("home__city", false),
            ("home__country", true),
            ("home__at__lat", true),
            ("rev", false),
            ("mind", false),
            ("extra", true)
        ]
    );
    assert_eq!(table.columns[1].ty, DataType::Varchar(80));
    assert_eq!(table.primary_key, ["id"]);
}

#[test]
fn renamed_prefixes_and_children_combine() {
    let table = users();
    assert_eq!(table.columns[1].renamed, ["house__city"]);
    assert_eq!(
        table.columns[3].renamed,
        [
            "home__at__lt",
            "home__pos__lat",
            "home__pos__lt",
            "house__at__lat",
            "house__at__lt",
            "house__pos__lat",
            "house__pos__lt"
        ]
    );
}

#[test]
fn indexes_and_keys_name_physical_columns() {
    let table = users();
    let names: Vec<_> = table.indexes.iter().map(|index| index.name.as_str()).collect();
    assert_eq!(names, ["home__city_home__at__lat", "home__by_town", "home__city", "expr09b677bc", "mind", "extra"]);
    assert_eq!(table.indexes[0].parts[1], IndexPart::column("home__at__lat"));
    assert_eq!(table.indexes[3].parts[0].on, IndexOn::Expression("lower(home__city)".into()));
    assert!(matches!(&table.indexes[4].kind, IndexKind::Vector(vector) if vector.dimensions == 256));
    assert_eq!(table.indexes[4].filters, ["home__country"]);
    let key = &table.foreign_keys[0];
    assert_eq!(
        (key.columns.as_slice(), key.target_schema.as_deref(), key.target.as_str(), key.target_columns.as_slice()),
        (&["home__country".to_owned()][..], Some("geo"), "countries", &["id".to_owned()][..])
    );
}

#[test]
fn version_json_vector_checks_and_options_map() {
    let table = users();
    assert_eq!(table.columns[4].default, Some(DefaultValue::Int(0)));
    assert_eq!(table.columns[5].ty, DataType::Vector(256));
    assert_eq!(table.columns[6], Column { nullable: true, ..Column::new("extra", DataType::Json) });
    assert_eq!(table.checks[0].name, crate::model::fingerprint::short_hash("id > 0"));
    assert_eq!(table.options.postgres.schema.as_deref(), Some("app"));
}

table_of!(First, TableDef { rust_path: "a::Thing", ..table("things", &[ID]) });
table_of!(Second, TableDef { rust_path: "b::Thing", ..table("things", &[ID]) });
table_of!(Third, TableDef { rust_path: "c::Thing", ..table("THINGS", &[ID]) });

#[test]
fn two_models_of_one_name_are_a_problem_that_names_both() {
    assert_eq!(
        schema![First, Second, Third].problems,
        ["a::Thing and b::Thing both are named \"things\": give one of them another name with #[db(table = \"…\")]",]
    );
}

static ENDLESS: EmbedDef = EmbedDef {
    rust_name: "Endless",
    fields: &[FieldDef::Embed {
        field: "next",
        column: "next",
        prefix: None,
        renamed: &[],
        nullable: true,
        def: || &ENDLESS,
    }],
    indexes: &[],
    foreign_keys: &[],
};
table_of!(
    Loops,
    table(
        "loops",
        &[FieldDef::Embed {
            field: "next",
            column: "next",
            prefix: None,
            renamed: &[],
            nullable: true,
            def: || &ENDLESS
        }]
    )
);
table_of!(Lost, TableDef { indexes: &[plain(&[part("nowhere.at")])], ..table("lost", &[ID]) });
table_of!(
    Wrong,
    table(
        "wrong",
        &[
            FieldDef::Column(ColumnDef { max_length: Some(3), ..ColumnDef::new("a", "a", LogicalType::Int64, false) }),
            FieldDef::Column(ColumnDef {
                vector: Some(VectorDef { dimensions: 3, similarity: Similarity::Cosine, threshold: None }),
                ..ColumnDef::new("b", "b", LogicalType::Vector(4), false)
            }),
        ]
    )
);

#[test]
fn what_cannot_be_built_is_told() {
    let problems = schema![Loops, Lost, Wrong].problems;
    assert_eq!(problems.len(), 4, "{problems:#?}");
    assert!(problems[0].contains("Endless embeds itself"));
    assert!(problems[1].contains("`nowhere.at`"));
    assert!(problems[2].starts_with("wrong.a: `max_length`"));
    assert!(problems[3].contains("3 dimensions and the field's type 4"));
}

#[cfg(feature = "registry")]
mod registry {
    use super::*;

    table_of!(InSpace, TableDef { space: Some("analytics"), ..table("events", &[ID]) });
    crate::__register!(ModelDef::Table(InSpace::table));
    crate::__register!(ModelDef::Table(InSpace::table));
    crate::__register!(ModelDef::Table(Country::table));

    #[test]
    fn registered_models_are_found_by_space() {
        assert_eq!(Schema::registered(), schema![Country]);
        assert_eq!(Schema::registered_everywhere(), schema![InSpace, Country]);
        assert_eq!(Schema::registered_spaces(), ["analytics"]);
        assert_eq!(Schema::registered_in("analytics"), schema![InSpace]);
        assert_eq!(Schema::registered_in("none"), Schema::default());
    }
}
