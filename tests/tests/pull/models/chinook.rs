// The models of a database, as `schemasync pull` found it.
//
// needs: chrono (feature `chrono` of schemasync)

use schemasync::DbTable;

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
#[db(table = "Customer")]
pub struct Customer {
    #[db(id, column = "CustomerId")]
    pub customer_id: i64,
    #[db(column = "FirstName", max_length = 40)]
    pub first_name: String,
    #[db(column = "LastName", max_length = 20)]
    pub last_name: String,
    #[db(column = "Company", max_length = 80)]
    pub company: Option<String>,
    #[db(column = "Address", max_length = 70)]
    pub address: Option<String>,
    #[db(column = "City", max_length = 40)]
    pub city: Option<String>,
    #[db(column = "State", max_length = 40)]
    pub state: Option<String>,
    #[db(column = "Country", max_length = 40)]
    pub country: Option<String>,
    #[db(column = "PostalCode", max_length = 10)]
    pub postal_code: Option<String>,
    #[db(column = "Phone", max_length = 24)]
    pub phone: Option<String>,
    #[db(column = "Fax", max_length = 24)]
    pub fax: Option<String>,
    #[db(column = "Email", max_length = 60)]
    pub email: String,
    #[db(column = "SupportRepId", index(name = "IFK_CustomerSupportRepId"))]
    #[db(fk = Employee::employee_id)]
    pub support_rep_id: Option<i64>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "Employee")]
pub struct Employee {
    #[db(id, column = "EmployeeId")]
    pub employee_id: i64,
    #[db(column = "LastName", max_length = 20)]
    pub last_name: String,
    #[db(column = "FirstName", max_length = 20)]
    pub first_name: String,
    #[db(column = "Title", max_length = 30)]
    pub title: Option<String>,
    #[db(column = "ReportsTo", index(name = "IFK_EmployeeReportsTo"))]
    #[db(fk = Employee::employee_id)]
    pub reports_to: Option<i64>,
    #[db(column = "BirthDate")]
    pub birth_date: Option<chrono::NaiveDateTime>,
    #[db(column = "HireDate")]
    pub hire_date: Option<chrono::NaiveDateTime>,
    #[db(column = "Address", max_length = 70)]
    pub address: Option<String>,
    #[db(column = "City", max_length = 40)]
    pub city: Option<String>,
    #[db(column = "State", max_length = 40)]
    pub state: Option<String>,
    #[db(column = "Country", max_length = 40)]
    pub country: Option<String>,
    #[db(column = "PostalCode", max_length = 10)]
    pub postal_code: Option<String>,
    #[db(column = "Phone", max_length = 24)]
    pub phone: Option<String>,
    #[db(column = "Fax", max_length = 24)]
    pub fax: Option<String>,
    #[db(column = "Email", max_length = 60)]
    pub email: Option<String>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "Genre")]
pub struct Genre {
    #[db(id, column = "GenreId")]
    pub genre_id: i64,
    #[db(column = "Name", max_length = 120)]
    pub name: Option<String>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "Invoice")]
pub struct Invoice {
    #[db(id, column = "InvoiceId")]
    pub invoice_id: i64,
    #[db(column = "CustomerId", index(name = "IFK_InvoiceCustomerId"))]
    #[db(fk = Customer::customer_id)]
    pub customer_id: i64,
    #[db(column = "InvoiceDate")]
    pub invoice_date: chrono::NaiveDateTime,
    #[db(column = "BillingAddress", max_length = 70)]
    pub billing_address: Option<String>,
    #[db(column = "BillingCity", max_length = 40)]
    pub billing_city: Option<String>,
    #[db(column = "BillingState", max_length = 40)]
    pub billing_state: Option<String>,
    #[db(column = "BillingCountry", max_length = 40)]
    pub billing_country: Option<String>,
    #[db(column = "BillingPostalCode", max_length = 10)]
    pub billing_postal_code: Option<String>,
    #[db(column = "Total", sqlite(type = "NUMERIC(10,2)"))]
    pub total: f64,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "InvoiceLine")]
pub struct InvoiceLine {
    #[db(id, column = "InvoiceLineId")]
    pub invoice_line_id: i64,
    #[db(column = "InvoiceId", index(name = "IFK_InvoiceLineInvoiceId"))]
    #[db(fk = Invoice::invoice_id)]
    pub invoice_id: i64,
    #[db(column = "TrackId", index(name = "IFK_InvoiceLineTrackId"))]
    #[db(fk = Track::track_id)]
    pub track_id: i64,
    #[db(column = "UnitPrice", sqlite(type = "NUMERIC(10,2)"))]
    pub unit_price: f64,
    #[db(column = "Quantity")]
    pub quantity: i64,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "MediaType")]
pub struct MediaType {
    #[db(id, column = "MediaTypeId")]
    pub media_type_id: i64,
    #[db(column = "Name", max_length = 120)]
    pub name: Option<String>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "Playlist")]
pub struct Playlist {
    #[db(id, column = "PlaylistId")]
    pub playlist_id: i64,
    #[db(column = "Name", max_length = 120)]
    pub name: Option<String>,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "PlaylistTrack")]
pub struct PlaylistTrack {
    #[db(id, column = "PlaylistId", index(name = "IFK_PlaylistTrackPlaylistId"))]
    #[db(fk = Playlist::playlist_id)]
    pub playlist_id: i64,
    #[db(id, column = "TrackId", index(name = "IFK_PlaylistTrackTrackId"))]
    #[db(fk = Track::track_id)]
    pub track_id: i64,
}

#[derive(Debug, Clone, DbTable)]
#[db(table = "Track")]
pub struct Track {
    #[db(id, column = "TrackId")]
    pub track_id: i64,
    #[db(column = "Name", max_length = 200)]
    pub name: String,
    #[db(column = "AlbumId", index(name = "IFK_TrackAlbumId"))]
    #[db(fk = Album::album_id)]
    pub album_id: Option<i64>,
    #[db(column = "MediaTypeId", index(name = "IFK_TrackMediaTypeId"))]
    #[db(fk = MediaType::media_type_id)]
    pub media_type_id: i64,
    #[db(column = "GenreId", index(name = "IFK_TrackGenreId"))]
    #[db(fk = Genre::genre_id)]
    pub genre_id: Option<i64>,
    #[db(column = "Composer", max_length = 220)]
    pub composer: Option<String>,
    #[db(column = "Milliseconds")]
    pub milliseconds: i64,
    #[db(column = "Bytes")]
    pub bytes: Option<i64>,
    #[db(column = "UnitPrice", sqlite(type = "NUMERIC(10,2)"))]
    pub unit_price: f64,
}

/// All of these models.
pub fn schema() -> schemasync::Schema {
    schemasync::schema! {
        Album,
        Artist,
        Customer,
        Employee,
        Genre,
        Invoice,
        InvoiceLine,
        MediaType,
        Playlist,
        PlaylistTrack,
        Track,
    }
}
