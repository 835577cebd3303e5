//! A table made by a macro of the user's.

macro_rules! table {
    ($name:ident, $key:ty, $target:ident :: $column:ident) => {
        #[derive(schemasync::DbTable)]
        #[allow(dead_code)]
        struct $name {
            #[db(id)]
            id: $key,
            #[db(fk = $target::$column, on_delete = set_null)]
            parent: Option<$key>,
        }
    };
}

table!(Node, i64, Node::id);

fn main() {
    use schemasync::DbTable;
    assert_eq!(Node::table().foreign_keys[0].target_columns, ["id"]);
}
