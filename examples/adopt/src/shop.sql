-- What the old program made, long ago: a part of Chinook.
CREATE TABLE [Artist] ([ArtistId] INTEGER NOT NULL PRIMARY KEY, [Name] NVARCHAR(120));
CREATE TABLE [Album] (
    [AlbumId] INTEGER NOT NULL PRIMARY KEY,
    [Title] NVARCHAR(160) NOT NULL,
    [ArtistId] INTEGER NOT NULL REFERENCES [Artist] ([ArtistId])
);
CREATE INDEX [IFK_AlbumArtistId] ON [Album] ([ArtistId]);
CREATE TABLE [Track] (
    [TrackId] INTEGER NOT NULL PRIMARY KEY,
    [Name] NVARCHAR(200) NOT NULL,
    [AlbumId] INTEGER REFERENCES [Album] ([AlbumId]) ON DELETE SET NULL,
    [Milliseconds] INTEGER NOT NULL CHECK ([Milliseconds] > 0),
    [UnitPrice] NUMERIC(10,2) NOT NULL DEFAULT 0.99,
    [AddedAt] DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX [TrackByName] ON [Track] ([Name] COLLATE NOCASE);
CREATE TRIGGER [TrackCount] AFTER INSERT ON [Track] BEGIN SELECT 1; END;
CREATE VIEW [Discography] AS
SELECT Artist.Name AS Artist, Album.Title AS Title, count(*) AS Tracks
FROM Artist JOIN Album USING (ArtistId) JOIN Track USING (AlbumId) GROUP BY Album.AlbumId;

INSERT INTO Artist VALUES (1, 'AC/DC'), (2, 'Accept');
INSERT INTO Album VALUES (1, 'For Those About To Rock We Salute You', 1), (2, 'Balls to the Wall', 2);
INSERT INTO Track (TrackId, Name, AlbumId, Milliseconds) VALUES (1, 'For Those About To Rock', 1, 343719), (2, 'Balls to the Wall', 2, 342562);
