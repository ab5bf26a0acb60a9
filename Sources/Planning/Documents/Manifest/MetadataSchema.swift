import MediaModel

/// The keys of a title's metadata.
enum MetadataSchema {
    static var title: RecordShape {
        RecordShape(
            fields: [
                Field("name", .text(.free), "The name that people see; left out: the id.", examples: ["Night Train"]),
                Field("kind", .word(kinds), "What sort of title it is.", standard: "movie"),
                Field("synopsis", .text(.free), "One paragraph about it."),
                Field("series", .record(series), "The series that an episode belongs to."),
            ] + shared)
    }

    /// What titles can have in common, and may so stand under `defaults`.
    static var common: [Field] {
        [Field("kind", .word(kinds), "What sort of titles they are.", standard: "movie")] + shared
    }

    private static var kinds: [String] { TitleKind.allCases.map(\.rawValue) }

    private static var shared: [Field] {
        [
            Field("year", .whole(1800...2200), "The year of its first release.", examples: ["2024"]),
            Field("genres", .list(.text(.free), atLeast: 0), "Genres, the most fitting first."),
            Field("people", .list(.record(person), atLeast: 0), "Who made it and who is in it."),
            Field("maturity", .whole(0...21), "The age from which it may be watched, in years.", examples: ["12"]),
            Field("language", .text(.language), "The language of the title itself, BCP 47.", examples: ["en", "no", "pt-BR"]),
        ]
    }

    private static var person: RecordShape {
        RecordShape(fields: [
            Field("name", .text(.free), "The person's name.", required: true),
            Field("role", .text(.free), "What the person did, such as director or cast.", required: true),
        ])
    }

    private static var series: RecordShape {
        RecordShape(fields: [
            Field("id", .text(.id), "Stable key of the series: lower-case letters, digits and hyphens.", required: true),
            Field("name", .text(.free), "The name of the series.", required: true),
            Field("season", .whole(0...9999), "The season's number; 0 for specials.", required: true),
            Field("episode", .whole(0...99999), "The episode's number in the season.", required: true),
        ])
    }
}
