internal import GRDB
internal import MediaModel

/// What people know titles by, as rows: `titles` with `series`, `people` and `genres` around it.
enum MetadataRows {
    /// The metadata of these titles, by title id. It costs what they cost, however many others there are.
    static func read(_ db: Database, of ids: [String]) throws -> [String: TitleMetadata] {
        var found: [String: TitleMetadata] = [:]
        let these = "IN (\(databaseQuestionMarks(count: ids.count)))"
        let titles = try Row.fetchAll(
            db,
            sql: """
                SELECT titles.*, series.name AS series_name FROM titles LEFT JOIN series ON series.id = titles.series_id
                WHERE titles.id \(these)
                """, arguments: StatementArguments(ids))
        for row in titles { found[row["id"]] = try metadata(row) }
        let genres = try Row.fetchAll(
            db,
            sql: """
                SELECT title_id, name FROM title_genres JOIN genres ON genres.id = genre_id
                WHERE title_id \(these) ORDER BY title_id, position
                """, arguments: StatementArguments(ids))
        for row in genres { found[row["title_id"]]?.genres.append(row["name"]) }
        let people = try Row.fetchAll(
            db,
            sql: """
                SELECT title_id, name, role FROM title_people JOIN people ON people.id = person_id
                WHERE title_id \(these) ORDER BY title_id, position
                """, arguments: StatementArguments(ids))
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

    /// What the rows would say after `update`.
    static func normalized(_ wanted: TitleMetadata) -> TitleMetadata {
        var wanted = wanted
        var seen: Set<String> = []
        wanted.genres.removeAll { !seen.insert($0).inserted }
        return wanted
    }

    /// Makes the rows say what `wanted` says; the title's row must be there. Writes nothing, and answers false, when they do already.
    static func update(_ db: Database, to wanted: TitleMetadata, of id: String) throws -> Bool {
        let wanted = normalized(wanted)
        guard try read(db, of: [id])[id] != wanted else { return false }

        let left = try References(db, of: id)
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
        try left.removeUnused(db)
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

    /// Series, people and genres that a title refers to, noted before it changes. Those that no title refers to afterwards would show up in
    /// every list of them.
    struct References {
        private let series: [String]
        private let people: [Int64]
        private let genres: [Int64]

        init(_ db: Database, of title: String) throws {
            series = try String.fetchAll(
                db, sql: "SELECT series_id FROM titles WHERE id = ? AND series_id IS NOT NULL", arguments: [title])
            people = try Int64.fetchAll(db, sql: "SELECT person_id FROM title_people WHERE title_id = ?", arguments: [title])
            genres = try Int64.fetchAll(db, sql: "SELECT genre_id FROM title_genres WHERE title_id = ?", arguments: [title])
        }

        func removeUnused(_ db: Database) throws {
            for id in series {
                try db.execute(
                    sql: "DELETE FROM series WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM titles WHERE series_id = ?1)", arguments: [id])
            }
            for id in people {
                try db.execute(
                    sql: "DELETE FROM people WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM title_people WHERE person_id = ?1)",
                    arguments: [id])
            }
            for id in genres {
                try db.execute(
                    sql: "DELETE FROM genres WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM title_genres WHERE genre_id = ?1)", arguments: [id]
                )
            }
        }
    }
}
