//! Tables may refer to each other in circles, across modules and with private fields.

mod users {
    #[derive(schemasync::DbTable)]
    pub struct User {
        #[db(id)]
        id: i64,
        #[db(fk(super::teams::Team::id, alias = "team"))]
        team_id: Option<i32>,
        #[db(rel(to = "team"))]
        team: Option<Box<super::teams::Team>>,
        #[db(rel(from))]
        led: Vec<super::teams::Team>,
    }
}

mod teams {
    use super::users::User;

    #[derive(schemasync::DbTable)]
    pub struct Team {
        #[db(id)]
        id: i32,
        #[db(fk = User::id)]
        lead: i64,
        #[db(rel(to))]
        leader: Option<Box<User>>,
        #[db(rel(from))]
        members: Vec<User>,
    }
}

fn main() {
    use schemasync::DbTable;
    assert_eq!((users::User::table().foreign_keys[0].target)().name, "team");
    assert_eq!((teams::Team::table().foreign_keys[0].target)().name, "user");
}
