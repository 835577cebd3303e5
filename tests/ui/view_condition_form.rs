//! What a condition is made of.

use schemasync::DbView;

#[derive(DbView)]
#[db(from = User, filter(User::tier = "premium"))]
struct A {
    id: i64,
}

#[derive(DbView)]
#[db(from = User, filter("tier = 'premium'"))]
struct B {
    id: i64,
}

#[derive(DbView)]
#[db(from = User, filter(
    tier == "premium"
        && User::status == Status::Open
        && User::age == None
        && None != User::age
        && User::age == Some(5)
        && User::age + 1 > 5
        && User::tier.is_none()
        && User::tier.liek("a%")
        && User::tier.starts_with("a")
        && User::age.in_(1, 2)
        && User::age.in_(5)
        && User::age.in_([])
        && User::age.in_([User::id])
        && User::tier.like(User::name)
        && User::tier.like("a\\")
        && User::age.between(5)
        && 5 == 6
        && 5.is_null()
        && true
        && -User::age == 5
        && User == 5
        && User::age == 99999999999999999999999999999999999999999
        && User::tier == b"x"
        && User::tier == "a\0"
        && (User::a | User::b)
        && (User::a & User::b)
        && format!("x")
))]
struct C {
    id: i64,
}

#[derive(DbView)]
#[db(from = User, filter(1 < User::age < 5))]
struct D {
    id: i64,
}

#[derive(DbView)]
#[db(from = User, filter(User::age > 1, User::age < 5))]
struct E {
    id: i64,
}

#[derive(DbView)]
#[db(from = User, filter(), having)]
struct F {
    id: i64,
    #[db(count)]
    users: i64,
}

#[derive(DbView)]
#[db(from = User, having(User::age > 5))]
struct G {
    id: i64,
    #[db(count)]
    users: i64,
}

#[derive(DbView)]
#[db(from = User, having(userss > 5 && cache > 1))]
struct H {
    id: i64,
    #[db(count)]
    users: i64,
    #[db(skip)]
    cache: i64,
}

fn main() {}
