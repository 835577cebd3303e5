//! A program with a command line of its own and two releases of its models, for the tests of the command line: `SHOP=v2 shop plan`.

#![allow(dead_code, reason = "fields are only columns here")]

/// The first release.
mod v1 {
    use schemasync::DbTable;

    #[derive(DbTable)]
    #[db(table = "customers")]
    pub(crate) struct Customer {
        #[db(id)]
        id: i64,
        email_address: String,
        nickname: Option<String>,
    }

    #[derive(DbTable)]
    #[db(table = "orders")]
    pub(crate) struct Order {
        #[db(id)]
        id: i64,
        #[db(fk = Customer::id, on_delete = cascade, index)]
        customer_id: i64,
        amount: String,
    }

    #[derive(DbTable)]
    #[db(table = "coupons")]
    pub(crate) struct Coupon {
        #[db(id)]
        id: i64,
        code: String,
    }
}

/// The second: a renamed column that is now unique, a new one, a dropped one, numbers instead of texts, a table less.
mod v2 {
    use schemasync::{DbTable, DbView};

    #[derive(DbTable)]
    #[db(table = "customers")]
    pub(crate) struct Customer {
        #[db(id)]
        id: i64,
        #[db(renamed = "email_address", unique)]
        email: String,
        #[db(default = "free")]
        plan: String,
    }

    #[derive(DbTable)]
    #[db(table = "orders", sync_method = recreate)]
    pub(crate) struct Order {
        #[db(id)]
        id: i64,
        #[db(fk = Customer::id, on_delete = cascade, index)]
        customer_id: i64,
        amount: i64,
    }

    #[derive(DbView)]
    #[db(view = "totals", sql = "SELECT customer_id, sum(amount) AS total FROM orders GROUP BY customer_id")]
    pub(crate) struct Total {
        customer_id: i64,
        total: i64,
    }
}

/// As the first, and a column more.
mod more {
    use schemasync::DbTable;

    #[derive(DbTable)]
    #[db(table = "coupons")]
    pub(crate) struct Coupon {
        #[db(id)]
        id: i64,
        code: String,
        used: Option<bool>,
    }
}

/// As the second, but for a type that SQLite cannot change without being told how.
mod v3 {
    use schemasync::DbTable;

    #[derive(DbTable)]
    #[db(table = "customers")]
    pub(crate) struct Customer {
        #[db(id)]
        id: i64,
        email_address: i64,
        nickname: Option<String>,
    }
}

/// As the first, but for a column of another name.
mod v4 {
    use schemasync::DbTable;

    #[derive(DbTable)]
    #[db(table = "customers")]
    pub(crate) struct Customer {
        #[db(id)]
        id: i64,
        email_address: String,
        alias: Option<String>,
    }
}

fn main() -> std::process::ExitCode {
    let models = match std::env::var("SHOP").as_deref() {
        Ok("v2") => schemasync::schema![v2::Customer, v2::Order, v2::Total],
        Ok("more") => schemasync::schema![v1::Customer, v1::Order, more::Coupon],
        Ok("v3") => schemasync::schema![v3::Customer],
        Ok("v4") => schemasync::schema![v4::Customer, v1::Order, v1::Coupon],
        _ => schemasync::schema![v1::Customer, v1::Order, v1::Coupon],
    };
    schemasync::cli::main(models)
}
