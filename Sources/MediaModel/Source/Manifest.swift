/// A manifest as the pipeline sees it: every path absolute, every preset resolved, every value typed.
package struct Manifest: Hashable, Sendable {
    /// Absolute path of the manifest file.
    package var path: String
    /// `sqlite:` and an absolute path.
    package var catalog: String
    package var publish: PublishTarget
    /// How sources that lie elsewhere are read.
    package var sources: SourceSettings
    package var keep: KeepPolicy
    /// Days that a result which no current version uses is kept in the work folder.
    package var keepWorkDays: Int
    /// Bytes that the work folder may have after a run; nil: any.
    package var workSize: Int64?
    /// In which respects every run makes published titles anew; empty: in none.
    package var refresh: Set<RefreshScope>
    /// More published titles than this are made anew by no run; nil: there is no limit.
    package var maxRemakes: Int?
    /// Who is told how a run ended; nil: nobody.
    package var notify: NotifySettings?
    /// What is sent when a version has become current; nil: nothing.
    package var purge: PurgeSettings?
    package var titles: [TitleRequest]

    package init(
        path: String, catalog: String, publish: PublishTarget, sources: SourceSettings = SourceSettings(), keep: KeepPolicy = KeepPolicy(),
        keepWorkDays: Int = 14, workSize: Int64? = nil, refresh: Set<RefreshScope> = [], maxRemakes: Int? = nil,
        notify: NotifySettings? = nil, purge: PurgeSettings? = nil, titles: [TitleRequest]
    ) {
        self.path = path
        self.catalog = catalog
        self.publish = publish
        self.sources = sources
        self.keep = keep
        self.keepWorkDays = keepWorkDays
        self.workSize = workSize
        self.refresh = refresh
        self.maxRemakes = maxRemakes
        self.notify = notify
        self.purge = purge
        self.titles = titles
    }
}

/// One title of a manifest: one source and all it is to become.
package struct TitleRequest: Hashable, Sendable {
    /// Stable key, `[a-z0-9-]`.
    package var id: String
    /// Absolute path of the source, or its `RemoteAddress`; so are those of the other files.
    package var source: String
    package var preset: Preset
    package var presetContent: PresetContent
    package var trim: Trim
    package var crop: Crop
    /// What happens when audio goes on after the picture has ended; nil: the last picture is held, up to a bound.
    package var tail: Tail?
    /// `damage: accept`: decode errors and truncation become warnings.
    package var acceptsDamage: Bool
    package var metadata: TitleMetadata
    /// The artwork that replaces the chosen poster.
    package var artwork: String?
    /// nil: every audio track of the source.
    package var audio: [AudioRequest]?
    package var subtitles: [SubtitleRequest]
    /// Number of the program to use, in a transport stream of several; nil: that of the main picture.
    package var program: Int?
    /// Seconds that a still picture is shown; nil: the source is a film.
    package var stillDuration: Rational?
    package var telecine = Telecine.keep
    /// Decibels added to what is mixed down, for audio that says nothing itself; nil: none.
    package var mixdownGain: Rational?
    /// `take_over: true`: the title moves here from another manifest of the same catalog.
    package var takesOver: Bool
    /// Where the title begins in the manifest, `line:column`, for messages.
    package var place: String

    package init(
        id: String, source: String, preset: Preset, presetContent: PresetContent = PresetContent(), trim: Trim, crop: Crop = Crop(),
        tail: Tail? = nil, acceptsDamage: Bool, metadata: TitleMetadata, artwork: String?, audio: [AudioRequest]?,
        subtitles: [SubtitleRequest], mixdownGain: Rational? = nil, takesOver: Bool = false, place: String
    ) {
        self.id = id
        self.source = source
        self.preset = preset
        self.presetContent = presetContent
        self.trim = trim
        self.crop = crop
        self.tail = tail
        self.acceptsDamage = acceptsDamage
        self.metadata = metadata
        self.artwork = artwork
        self.audio = audio
        self.subtitles = subtitles
        self.mixdownGain = mixdownGain
        self.takesOver = takesOver
        self.place = place
    }
}

extension TitleRequest {
    /// The source as people know it.
    package var shownSource: String { RemoteAddress.shown(source) }
}

/// What becomes of film that was put on video by repeating fields (2:3 pulldown).
package enum Telecine: String, Hashable, Sendable, Codable, CaseIterable {
    /// It is deinterlaced as any other interlaced picture.
    case keep
    /// The film's own pictures are put together again: four of five.
    case undo
}

/// A stretch of the source, in exact seconds from the title's first frame; nil keeps that end.
package struct Trim: Hashable, Sendable, Codable {
    package var start: Rational?
    package var end: Rational?

    package init(start: Rational? = nil, end: Rational? = nil) {
        self.start = start
        self.end = end
    }
}

/// What is done where audio goes on after the picture has ended.
package enum Tail: String, Hashable, Sendable, Codable, CaseIterable {
    /// The last picture is held as long as audio goes on.
    case hold
    /// The title ends with its picture.
    case cut
}

/// A sound that the manifest asks for.
package struct AudioRequest: Hashable, Sendable {
    package enum Origin: Hashable, Sendable {
        /// The n-th audio track of the source, from 0.
        case track(Int)
        /// An outside file, whose first audio track is taken; it starts with the title's source.
        case file(String)
    }

    package var origin: Origin
    /// BCP 47.
    package var language: String?
    package var label: String?
    package var role: AudioRole?
    /// Decibels added where more channels are mixed down than the preset has; nil: as the title says.
    package var mixdownGain: Rational?

    package init(origin: Origin, language: String?, label: String?, role: AudioRole?, mixdownGain: Rational? = nil) {
        self.origin = origin
        self.language = language
        self.label = label
        self.role = role
        self.mixdownGain = mixdownGain
    }
}

/// DASH's role scheme (urn:mpeg:dash:role:2011), ISO/IEC 23009-1, 5.8.5.5.
package enum AudioRole: String, Hashable, Sendable, Codable, CaseIterable {
    case main, alternate, dub, commentary, description
}

/// A subtitle file that the manifest names.
package struct SubtitleRequest: Hashable, Sendable {
    /// SubRip or WebVTT.
    package var file: String
    /// BCP 47.
    package var language: String
    package var label: String?
    package var role: TextRole
    /// nil: the manifest does not say.
    package var encoding: TextEncoding?

    package init(file: String, language: String, label: String?, role: TextRole, encoding: TextEncoding? = nil) {
        self.file = file
        self.language = language
        self.label = label
        self.role = role
        self.encoding = encoding
    }
}

extension SubtitleRequest {
    /// Its name ends in `.vtt`.
    package var isNamedWebVTT: Bool { (RemoteAddress(file)?.name ?? file).lowercased().hasSuffix(".vtt") }
}

/// What a text track is for.
package enum TextRole: String, Hashable, Sendable, Codable, CaseIterable {
    /// Speech in another language.
    case subtitle
    /// Speech and sounds, for those who do not hear.
    case captions
    /// Only what the viewer cannot understand otherwise; shown without being asked for.
    case forced
}
