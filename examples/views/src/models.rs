//! A task list: two tables, and three views that are built from them.

use schemasync::{DbTable, DbView};

#[derive(DbTable)]
#[db(table = "projects")]
pub struct Project {
    #[db(id)]
    pub id: i64,
    #[db(column = "title")]
    pub name: String,
    pub archived: bool,
}

#[derive(DbTable)]
#[db(table = "tasks")]
pub struct Task {
    #[db(id)]
    pub id: i64,
    #[db(fk = Project::id, on_delete = cascade, index)]
    pub project_id: i64,
    pub name: String,
    pub hours: Option<f64>,
    pub done: bool,
}

/// Tasks that are to be done, with the name of their project.
#[derive(DbView, sqlx::FromRow, Debug)]
#[db(view = "open_tasks", from = Task)]
#[db(join(Project, on(Project::id == Task::project_id)))]
#[db(filter(!Task::done && !Project::archived))]
pub struct OpenTask {
    pub id: i64, // of `Task`, as it says nothing else
    #[db(from = Project::name)]
    pub project: String,
    pub name: String,
    pub hours: Option<f64>,
}

/// What there is to do in each project that has more than one task: the fields that are no aggregates are what is grouped by.
#[derive(DbView, sqlx::FromRow, Debug)]
#[db(view = "workloads", from = OpenTask, having(tasks > 1))]
pub struct Workload {
    pub project: String,
    #[db(count)]
    pub tasks: i64,
    #[db(count = OpenTask::hours)]
    pub estimated: i64,
    #[db(sum = OpenTask::hours)]
    pub hours: Option<f64>,
}

/// All projects, also those without tasks: what the left join does not find is NULL, so it is an `Option`.
#[derive(DbView, sqlx::FromRow, Debug)]
#[db(view = "project_tasks", from = Project)]
#[db(left_join(Task, on(Task::project_id == Project::id && Task::hours > 2)))]
pub struct ProjectTask {
    pub name: String,
    #[db(from = Task::name)]
    pub long_task: Option<String>,
}
