//! The routes: create and list, as JSON.

use crate::store::{NewPost, NewUser, Row, Store};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;

/// The routes of one release: `U` and `P` are its users and posts.
pub fn router<U: Row + Serialize, P: Row + Serialize>(store: Store) -> Router {
    Router::new()
        .route("/users", get(list::<U>).post(create_user::<U>))
        .route("/posts", get(list::<P>).post(create_post::<P>))
        .with_state(store)
}

async fn list<T: Row + Serialize>(State(store): State<Store>) -> Result<Json<Vec<T>>, Failure> {
    Ok(Json(store.list().await?))
}

async fn create_user<T: Row + Serialize>(
    State(store): State<Store>,
    Json(new): Json<NewUser>,
) -> Result<(StatusCode, Json<T>), Failure> {
    Ok((StatusCode::CREATED, Json(store.create_user(new).await?)))
}

async fn create_post<T: Row + Serialize>(
    State(store): State<Store>,
    Json(new): Json<NewPost>,
) -> Result<(StatusCode, Json<T>), Failure> {
    Ok((StatusCode::CREATED, Json(store.create_post(new).await?)))
}

/// What the database refused.
struct Failure(sqlx::Error);

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let kind = self.0.as_database_error().map(sqlx::error::DatabaseError::kind);
        let (status, text) = match kind {
            Some(sqlx::error::ErrorKind::UniqueViolation) => (StatusCode::CONFLICT, "there is one already"),
            Some(sqlx::error::ErrorKind::ForeignKeyViolation) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "there is no such user")
            }
            _ => {
                tracing::error!(error = %self.0, "a request failed");
                (StatusCode::INTERNAL_SERVER_ERROR, "the database did not answer as expected")
            }
        };
        (status, text).into_response()
    }
}
