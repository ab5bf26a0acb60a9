internal import GRDB
internal import MediaModel

/// What people know titles by, as rows: `titles` with `series`, `people` and `genres` around it.
enum MetadataRows {
    /// The metadata of all titles, or of one, by title id.
    static func read(_ db: Database, title: String? = nil) throws -> [String: TitleMetadata] {
        var found: [String: TitleMetadata] = [:]
        let only = "(?1 IS NULL OR title_id = ?1)"
        let titles = try Row.fetchAll(
            db,
            sql: """
                SELECT titles.*, series.name AS series_name FROM titles LEFT JOIN series ON series.id = titles.series_id
                WHERE ?1 IS NULL OR titles.id = ?1
                """, arguments: [title])
        for row in titles { found[row["id"]] = try metadata(row) }
        let genres = try Row.fetchAll(
            db,
            sql: """
                SELECT title_id, name FROM title_genres JOIN genres ON genres.id = genre_id
                WHERE \(only) ORDER BY title_id, position
                """, arguments: [title])
        for row in genres { found[row["title_id"]]?.genres.append(row["name"]) }
        let people = try Row.fetchAll(
            db,
            sql: """
                SELECT title_id, name, role FROM title_people JOIN people ON people.id = person_id
                WHERE \(only) ORDER BY title_id, position
                """, arguments: [title])
        for row in people { found[row["title_id"]]?.people.append(Person(name: row["name"], role: row["role"])) }
        return found
    }

    private static func metadata(_ row: Row) throws -> TitleMetadata {
        var series: SeriesMembership?
        if let id: String = row["series_id"] {
            series = SeriesMembership(id: id, name: row["series_name"], season: row["season"], episode: row["episode"])
        }
        return TitleMetadata(
            name: row["name"], kind: try VersionRows.value(row, "kind"), year: row["year"], synopsis: row["synopsis"],
            maturity: row["maturity"], language: row["language"], series: series)
    }

    /// Makes the rows say what `wanted` says; the title's row must be there. Writes nothing, and answers false, when they do already.
    static func update(_ db: Database, to wanted: TitleMetadata, of id: String) throws -> Bool {
        var wanted = wanted
        var seen: Set<String> = []
        wanted.genres.removeAll { !seen.insert($0).inserted }
        guard try read(db, title: id)[id] != wanted else { return false }

        if let series = wanted.series {
            try db.execute(
                sql: "INSERT INTO series (id, name) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name",
                arguments: [series.id, series.name])
        }
        try db.execute(
            sql: """
                UPDATE titles SET name = ?, kind = ?, year = ?, synopsis = ?, maturity = ?, language = ?, series_id = ?,
                season = ?, episode = ? WHERE id = ?
                """,
            arguments: [
                wanted.name, wanted.kind.rawValue, wanted.year, wanted.synopsis, wanted.maturity, wanted.language,
                wanted.series?.id, wanted.series?.season, wanted.series?.episode, id,
            ])
        try replaceGenres(db, with: wanted.genres, of: id)
        try replacePeople(db, with: wanted.people, of: id)
        try removeUnused(db)
        return true
    }

    private static func replaceGenres(_ db: Database, with genres: [String], of id: String) throws {
        try db.execute(sql: "DELETE FROM title_genres WHERE title_id = ?", arguments: [id])
        for (position, genre) in genres.enumerated() {
            try db.execute(sql: "INSERT INTO genres (name) VALUES (?) ON CONFLICT (name) DO NOTHING", arguments: [genre])
            try db.execute(
                sql: "INSERT INTO title_genres (title_id, position, genre_id) SELECT ?, ?, id FROM genres WHERE name = ?",
                arguments: [id, position, genre])
        }
    }

    private static func replacePeople(_ db: Database, with people: [Person], of id: String) throws {
        try db.execute(sql: "DELETE FROM title_people WHERE title_id = ?", arguments: [id])
        for (position, person) in people.enumerated() {
            try db.execute(sql: "INSERT INTO people (name) VALUES (?) ON CONFLICT (name) DO NOTHING", arguments: [person.name])
            try db.execute(
                sql: "INSERT INTO title_people (title_id, position, person_id, role) SELECT ?, ?, id, ? FROM people WHERE name = ?",
                arguments: [id, position, person.role, person.name])
        }
    }

    /// Series, people and genres that no title refers to any more would show up in every list of them.
    private static func removeUnused(_ db: Database) throws {
        try db.execute(sql: "DELETE FROM series WHERE NOT EXISTS (SELECT 1 FROM titles WHERE series_id = series.id)")
        try db.execute(sql: "DELETE FROM people WHERE NOT EXISTS (SELECT 1 FROM title_people WHERE person_id = people.id)")
        try db.execute(sql: "DELETE FROM genres WHERE NOT EXISTS (SELECT 1 FROM title_genres WHERE genre_id = genres.id)")
    }
}
