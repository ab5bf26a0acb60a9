import GRDB

/// Titles by the thousand, copied inside SQLite from `night-train`, so that a test of many takes no time.
enum ManyTitles {
    /// - Parameter count: how many there are afterwards beside it: `title-00001` and so on, names in the reverse order.
    static func write(_ count: Int, to file: String) throws {
        try DatabaseQueue(path: file).write { db in
            let numbers = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < \(count))"
            let id = "printf('title-%05d', n)"
            try db.execute(
                sql: """
                    \(numbers) INSERT INTO titles (id, name, kind, series_id, season, episode, current_version)
                    SELECT \(id), printf('Name %05d', \(count) - n), kind, series_id, season, episode, current_version
                    FROM titles, n WHERE id = 'night-train';
                    \(numbers) INSERT INTO versions (title_id, version, location, published_at, cpu_seconds, package_format, duration,
                    duration_seconds, source_sha256, source_bytes, reelmill, preset) SELECT \(id), version, location, published_at, cpu_seconds,
                    package_format, duration, duration_seconds, source_sha256, source_bytes, reelmill, preset
                    FROM versions, n WHERE title_id = 'night-train';
                    \(numbers) INSERT INTO title_genres SELECT \(id), position, genre_id FROM title_genres, n WHERE title_id = 'night-train';
                    INSERT INTO images SELECT others.id, position, kind, path, width, height FROM images
                    JOIN versions ON versions.id = version_id AND versions.title_id = 'night-train', versions AS others
                    WHERE others.title_id <> 'night-train';
                    """)
        }
    }
}
