// The models of a database, as `schemasync pull` found it.
//
// needs: chrono (feature `chrono` of schemasync)
//
// not in the models, left alone:
// - Track: the trigger TrackCount is not part of a schema

use schemasync::{DbTable, DbView};

#[derive(Debug, Clone, DbTable)]
#[db(table = "Album")]
pub struct Album {
    #[db(id, column = "AlbumId")]
    pub album_id: i64,
    #[db(column = "Title", max_length = 160)]
    pub title: String,
    #[db(column = "ArtistId", index(name = "IFK_AlbumArtistId"))]
    #[db(fk = Artist::artist_id)]
    pub artist_id: i64,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "Artist")]
pub struct Artist {
    #[db(id, column = "ArtistId")]
    pub artist_id: i64,
    #[db(column = "Name", max_length = 120)]
    pub name: Option<String>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "Track")]
#[db(index(columns("\"Name\" COLLATE NOCASE"), name = "TrackByName"))]
#[db(check(name = "cd44b483", sql = "milliseconds > 0"))]
pub struct Track {
    #[db(id, column = "TrackId")]
    pub track_id: i64,
    #[db(column = "Name", max_length = 200)]
    pub name: String,
    #[db(column = "AlbumId", fk = Album::album_id, on_delete = set_null)]
    pub album_id: Option<i64>,
    #[db(column = "Milliseconds")]
    pub milliseconds: i64,
    #[db(column = "UnitPrice", default = 0.99, sqlite(type = "NUMERIC(10,2)"))]
    pub unit_price: f64,
    #[db(column = "AddedAt", default(now))]
    pub added_at: chrono::NaiveDateTime,
}

#[derive(Debug, Clone, DbView)]
#[db(view = "Discography")]
#[db(sql = r#"SELECT Artist.Name AS Artist, Album.Title AS Title, count(*) AS Tracks
FROM Artist JOIN Album USING (ArtistId) JOIN Track USING (AlbumId) GROUP BY Album.AlbumId"#)]
pub struct Discography {
    #[db(column = "Artist")]
    pub artist: Option<String>,
    #[db(column = "Title")]
    pub title: Option<String>,
    /// The database does not tell its type.
    #[db(column = "Tracks")]
    pub tracks: Option<String>,
}

/// All of these models.
pub fn schema() -> schemasync::Schema {
    schemasync::schema! {
        Album,
        Artist,
        Track,
        Discography,
    }
}
