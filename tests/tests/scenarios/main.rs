//! What a sync does, rule by rule (design/BEHAVIOUR.md). A scenario's name begins with its rule; it is written once and runs on every
//! database. One binary for all chapters: each binary is a link of its own.

#![allow(dead_code, missing_docs, unreachable_pub, reason = "the models are read by the derives, not by the tests")]
#![allow(
    clippy::duplicated_attributes,
    reason = "it takes a column that is in two indexes for an attribute said twice"
)]

mod bad_input;
mod c_columns;
mod f_foreign_keys;
mod f_keys_of_others;
mod i_indexes;
mod i_kept;
mod i_nulls;
mod m_adopted;
mod m_managed;
mod m_unreadable;
mod o_options;
mod p_one_statement;
mod p_policy;
mod p_rules;
mod p_script;
mod pairs;
mod r_results;
mod reads;
mod rows;
mod s_failed;
mod s_state;
mod s_time;
mod t_obstacles;
mod t_order;
mod t_tables;
mod types;
mod v_built;
mod v_built_rows;
mod v_dependents;
mod v_replace;
mod v_star;
mod v_unreadable;
mod v_views;
mod value_pairs;
mod versions;
mod written;
mod x_rebuild;
