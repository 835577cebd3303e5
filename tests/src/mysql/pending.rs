//! The scenarios that MySQL and MariaDB do not pass, by name (with the module where two have one name), each with its reason. One that is said not to work yet is run all the same, and
//! has to fail: the list cannot grow old.

use super::Server;

/// How a scenario stands on one of the servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It works.
    Works,
    /// It is about something that these servers do not have.
    OtherDatabases(&'static str),
    /// It should work, and does not yet.
    NotYet(&'static str),
}

/// Scenarios that stand alike.
struct Listed {
    servers: &'static [Server],
    standing: Standing,
    names: &'static [&'static str],
}

const LIST: &[Listed] = &[
    Listed {
        servers: &Server::ALL,
        standing: Standing::OtherDatabases(
            "`RESTRICT` and `NO ACTION` are the same on these servers, and compared as such",
        ),
        names: &["a_renamed_table_a_renamed_column_a_type_and_a_new_key"],
    },
    Listed {
        servers: &Server::ALL,
        standing: Standing::OtherDatabases(
            "a text that gets a unique index gets a length here: the entry tells of one change more",
        ),
        names: &["r2_an_entry_tells_all_that_happened"],
    },
    Listed {
        servers: &Server::ALL,
        standing: Standing::OtherDatabases(
            "the model or the test writes SQL that these servers have not (`CAST(… AS text)`, names between double quotes)",
        ),
        names: &[
            "c11_a_generated_column_of_another_type_is_computed_anew",
            "c4_a_column_is_renamed_whose_name_is_a_type_and_a_function_in_its_own_expression",
            "c9_a_column_goes_whose_name_is_a_type_a_function_or_a_string_elsewhere",
            "c9_a_column_that_an_expression_reads_is_in_the_way_all_the_same",
        ],
    },
    Listed {
        servers: &Server::ALL,
        standing: Standing::OtherDatabases(
            "the model writes SQL that these servers read otherwise (names between double quotes are texts, `[…]` is no name)",
        ),
        names: &[
            "p4_what_cannot_be_read_of_one_table_leaves_the_others",
            "v2_a_star_is_expanded_wherever_it_stands",
            "v2_sql_that_says_the_same_is_no_change_of_rows",
        ],
    },
    Listed {
        servers: &Server::ALL,
        standing: Standing::OtherDatabases("the servers print names between backticks, and so do the messages"),
        names: &["c11_collation_check_and_generated_expression_are_compared"],
    },
    Listed {
        servers: &Server::ALL,
        standing: Standing::OtherDatabases(
            "the test's own SQL indexes a text that has no length, or drops an index without its table: these servers do neither",
        ),
        names: &[
            "a_table_of_theirs_is_adopted_under_another_name",
            "f1_a_key_of_theirs_that_says_the_same_is_enough",
            "i1_an_equal_index_of_theirs_is_enough",
            "i1_an_index_changed_by_hand_is_put_back",
            "m4_an_index_of_theirs_in_the_way_of_a_drop_is_named",
        ],
    },
    Listed {
        servers: &Server::ALL,
        standing: Standing::OtherDatabases(
            "the test's own SQL writes instants with an offset, casts to TEXT, or has names between double quotes",
        ),
        names: &["v_having_keeps_groups", "v_views_read_views_of_every_kind"],
    },
    Listed {
        servers: &Server::ALL,
        standing: Standing::OtherDatabases(
            "the test's own key is from an `int` to a `bigint`, which these servers refuse",
        ),
        names: &["t3_a_table_that_others_reference_is_not_dropped"],
    },
    Listed {
        servers: &Server::ALL,
        standing: Standing::OtherDatabases(
            "the test's own rows hold a backslash in a text, which begins an escape here",
        ),
        names: &["v_filters_compare_texts", "v_filters_take_booleans_and_embedded_fields"],
    },
    Listed {
        servers: &Server::ALL,
        standing: Standing::OtherDatabases("there are no materialized views"),
        names: &["v2_a_star_in_a_materialized_view"],
    },
    Listed {
        servers: &[Server::Mariadb],
        standing: Standing::OtherDatabases(
            "the test's own SQL writes instants with an offset, casts to TEXT, or has names between double quotes",
        ),
        names: &[
            "v_aggregates_without_groups_are_one_row",
            "v_filters_ask_for_null_and_compare_as_sql_does",
            "v_filters_compare_numbers",
            "v_filters_compare_times_and_uuids",
        ],
    },
    Listed {
        servers: &[Server::Mysql],
        standing: Standing::OtherDatabases(
            "the test's own SQL indexes a text that has no length, or drops an index without its table: these servers do neither",
        ),
        names: &["m1_what_is_not_ours_stays_and_is_listed", "p3_a_plan_of_another_state_is_refused"],
    },
    Listed {
        servers: &Server::ALL,
        standing: Standing::NotYet("a view is not made again when what it reads is renamed"),
        names: &[
            "v2_a_view_that_loses_a_column_beside_a_renamed_one_breaks_no_reader",
            "v2_a_view_that_loses_a_column_beside_a_renamed_table_breaks_no_reader",
        ],
    },
    Listed {
        servers: &Server::ALL,
        standing: Standing::NotYet(
            "a second key on the same columns takes the place of the index that the server made for the first one",
        ),
        names: &["m1_a_key_that_still_binds_beside_the_models_is_warned_of"],
    },
    Listed {
        servers: &Server::ALL,
        standing: Standing::NotYet(
            "a view that changes together with the rename of one that it reads is refused as a circle",
        ),
        names: &[
            "v_built::v5_a_renamed_view_is_dropped_and_made",
            "v5_a_view_is_not_renamed_under_one_of_ours_that_says_the_old_name",
        ],
    },
    Listed {
        servers: &Server::ALL,
        standing: Standing::NotYet(
            "a view that has been changed before its reader fails is not changed back: DDL commits",
        ),
        names: &["v2_a_reader_that_changes_and_is_broken_keeps_what_it_reads"],
    },
    Listed {
        servers: &Server::ALL,
        standing: Standing::NotYet("a view whose text names a column that is renamed is not told as an error"),
        names: &["a_renamed_column_under_a_view_that_is_not_changed"],
    },
    Listed {
        servers: &Server::ALL,
        standing: Standing::NotYet("an unmanaged view over a table that is renamed goes on naming the old one"),
        names: &["t2_what_hangs_on_a_renamed_table_follows"],
    },
    Listed {
        servers: &Server::ALL,
        standing: Standing::NotYet("scripts are not run with the servers' own clients yet"),
        names: &["p4_scripts_of_tables_in_a_circle"],
    },
    Listed {
        servers: &Server::ALL,
        standing: Standing::NotYet(
            "sqlx reads no derived enum from a required column of these servers (its flags have to be those of an optional one)",
        ),
        names: &["v_a_join_shows_both_sides", "v_aggregates_are_read_as_the_fields_types"],
    },
    Listed {
        servers: &[Server::Mysql],
        standing: Standing::NotYet("scripts are not run with the servers' own clients yet"),
        names: &["p4_scripts_do_what_runs_do"],
    },
    Listed {
        servers: &Server::ALL,
        standing: Standing::NotYet(
            "a text that was adopted, or has a length because it is in a key, is told as narrower than what an older model needs",
        ),
        names: &[
            "s6_a_dropped_history_makes_no_older_model_a_newer_one",
            "s6_every_order_of_models_ends_as_the_table_says",
        ],
    },
    Listed {
        servers: &Server::ALL,
        standing: Standing::OtherDatabases(
            "it is about the log and no server, and records of two threads at once lose events of each other",
        ),
        names: &["r1_a_run_fails_where_a_table_does_and_has_the_report_inside"],
    },
    Listed {
        servers: &Server::ALL,
        standing: Standing::NotYet("expressions of tables and columns that the run makes are not tried before it"),
        names: &["p4_an_expression_that_the_server_does_not_take_is_foretold"],
    },
];

/// How the scenario of that path stands.
pub fn standing(server: Server, path: &str) -> Standing {
    let is_named = |name: &&&str| path.strip_suffix(**name).is_some_and(|before| before.ends_with("::"));
    let listed =
        LIST.iter().find(|listed| listed.servers.contains(&server) && listed.names.iter().any(|name| is_named(&name)));
    listed.map_or(Standing::Works, |listed| listed.standing)
}
