import MediaModel

/// The manifest's keys: the one declaration behind the reader and `reelmill schema manifest`.
package enum ManifestSchema {
    /// JSON Schema, draft 2020-12.
    package static var json: String { JSONSchema.document(title: "Reelmill manifest", root) }

    static var root: RecordShape {
        RecordShape(
            "A batch of source videos and what is to become of them.",
            fields: [
                SharedFields.editorSchema,
                Field("version", .version(1), "The version of this format: 1.", required: true),
                Field(
                    "catalog", .location(scheme: "sqlite", later: ["postgres", "postgresql"]),
                    "The catalog: sqlite: and a path, relative to this file.", required: true,
                    examples: ["sqlite:./catalog.sqlite"]),
                Field(
                    "publish", PublishSchema.publish,
                    "The store that finished packages go to: file: and a folder, relative to this file, or s3://bucket/prefix.",
                    required: true, examples: ["file:./store", "s3://films/published"]),
                Field("sources", .record(SourceSchema.sources), "How sources at s3:// and https:// addresses are read."),
                Field(
                    "keep", .whole(1...1000), "How many of a title's newest versions `reelmill gc` leaves.", standard: "3"),
                Field(
                    "keep_days", .whole(0...3650), "Days that `reelmill gc` leaves a version that is not current any more.", standard: "30"),
                Field(
                    "keep_work", .whole(0...3650),
                    "Days that results which no run has used, and fetched sources, stay in the work folder.", standard: "14"),
                Field(
                    "work_size", .bytes(1 << 20...1 << 50),
                    "How large the work folder may be after a run; what was not used for longest goes first. Left out: as large as it gets.",
                    examples: ["500G"]),
                Field(
                    "refresh", .word(RefreshScope.allCases.map(\.rawValue) + ["all"]),
                    "In which respect every run makes published titles anew, oldest first, when all else is done; left out: in none."),
                Field(
                    "max_remakes", .whole(0...1_000_000),
                    "A run that would make more published titles anew than this stops before any work; left out: there is no limit."),
                takeOver,
                Field("notify", .record(HookSchema.notify), "A webhook that is told how each run ended."),
                Field("purge", .record(HookSchema.purge), "A request to a CDN, sent when a version of a title has become current."),
                Field("defaults", .record(defaults), "What holds for every title that says nothing else."),
                Field("titles", .list(.record(title), atLeast: 1), "The titles, one source each.", required: true),
            ])
    }

    private static var defaults: RecordShape {
        RecordShape(fields: [
            preset, damage,
            Field("metadata", .record(RecordShape(fields: MetadataSchema.common)), "What most titles have in common."),
        ])
    }

    private static var title: RecordShape {
        RecordShape(fields: [
            Field(
                "id", .text(.id), "Stable key of the title: lower-case letters, digits and hyphens; it names the folder and the URLs.",
                required: true, examples: ["night-train"]),
            Field(
                "source", .source, "The source video: a path, relative to this file, or an https:// or s3:// address.", required: true,
                examples: ["masters/night-train.mov", "s3://masters/night-train.mov"]),
            preset,
            Field("trim", .record(trim), "The stretch of the source that is wanted; left out: all of it."),
            Field("crop", .record(crop), "What is cut off the picture, such as the black bars of a letterboxed film; left out: nothing."),
            Field(
                "tail", .word(Tail.allCases.map(\.rawValue)),
                "What happens where audio goes on after the picture has ended: `hold` holds the last picture as long as audio lasts, `cut` "
                    + "ends the title with its picture; left out: held for ten minutes at most, beyond which the title fails."),
            damage,
            Field(
                "telecine", .word(["keep", "undo"]),
                "Film on interlaced video (2:3 pulldown): undo puts the film's own pictures together again, four of five.",
                standard: "keep"),
            Field(
                "program", .whole(1...65_535),
                "Which program of a transport stream that holds several; left out: the one with the largest picture."),
            Field(
                "duration", .time(Rational(1, 25)...Rational(86_400)),
                "How long a still picture is shown, in seconds or HH:MM:SS.mmm; a film's own length needs no word.", examples: ["10"]),
            Field("metadata", .record(MetadataSchema.title), "What people know the title by."),
            Field("artwork", .source, "A picture that becomes the poster instead of a frame.", examples: ["art/night-train.jpg"]),
            Field(
                "audio", .list(.record(TrackSchema.audio), atLeast: 1),
                "The sounds of the title; left out: every audio track of the source."),
            TrackSchema.mixdownGain,
            takeOver,
            Field("subtitles", .list(.record(TrackSchema.subtitle), atLeast: 0), "Subtitle files."),
        ])
    }

    private static var preset: Field {
        Field(
            "preset", .text(.free),
            "The preset: a name (looked up in presets/ beside this file, then among the built-in ones) or the path of a file.",
            examples: ["h264-standard", "presets/my-ladder.yaml"])
    }

    private static var damage: Field {
        Field(
            "damage", .word(["fail", "accept"]),
            "Whether a title with decode errors fails, or keeps them as warnings.", standard: "fail")
    }

    private static var takeOver: Field {
        Field(
            "take_over", .flag,
            "Whether a title that another manifest of the same catalog owns moves to this one; otherwise that is an error.",
            standard: "false")
    }

    private static var crop: RecordShape {
        RecordShape(
            fields: ["top", "bottom", "left", "right"].map { side in
                Field(
                    side, .even(0...16_000), "Pixels at this side of the picture as it is stored, before it is turned; even.",
                    standard: "0")
            })
    }

    private static var trim: RecordShape {
        let day = Rational.zero...Rational(359_999)
        return RecordShape(fields: [
            Field("start", .time(day), "Where the title begins: decimal seconds or HH:MM:SS.mmm.", examples: ["2.5"]),
            Field("end", .time(day), "Where the title ends: decimal seconds or HH:MM:SS.mmm.", examples: ["00:01:32"]),
        ])
    }
}
