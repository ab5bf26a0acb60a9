internal import Foundation
internal import MediaModel

/// The catalog's values as the API shows them. Keys are never left out; what is not known is `null` or empty.
enum TitleJSON {
    static func list(_ titles: [CatalogSummary]) -> JSONValue {
        .fields(["format_version": .integer(1), "titles": .array(titles.map(summary))])
    }

    static func summary(_ title: CatalogSummary) -> JSONValue {
        let location = Location(title.location, title: title.id, version: title.version)
        return .object(
            members(["id": .string(title.id)]) + metadata(title.metadata)
                + members([
                    "version": .string(title.version), "published_at": time(title.publishedAt),
                    "duration": .number(title.duration.approximate), "url": .string("/api/v1/titles/\(title.id)"),
                ]) + entries(location) + pictures(title.images, location))
    }

    static func title(_ title: CatalogTitle) -> JSONValue {
        let version = title.version
        let location = Location(version.location, title: title.id, version: version.version)
        return .object(
            members(["format_version": .integer(1), "id": .string(title.id)]) + metadata(title.metadata)
                + members([
                    "version": .string(version.version), "published_at": time(version.publishedAt),
                    "duration": .number(version.duration.approximate), "duration_exact": .string(version.duration.description),
                ]) + entries(location) + pictures(version.images, location)
                + members([
                    "audio": .array(version.audio.map { audio($0, location) }),
                    "text": .array(version.text.map { text($0, location) }),
                    "renditions": .array(version.renditions.map { rendition($0, location) }),
                ]))
    }

    private static func metadata(_ metadata: TitleMetadata) -> [JSONValue.Member] {
        let people = metadata.people.map { JSONValue.fields(["name": .string($0.name), "role": .string($0.role)]) }
        let series = metadata.series.map {
            JSONValue.fields([
                "id": .string($0.id), "name": .string($0.name), "season": .whole($0.season), "episode": .whole($0.episode),
            ])
        }
        return members([
            "name": .string(metadata.name), "kind": .string(metadata.kind.rawValue), "year": .whole(metadata.year),
            "synopsis": .text(metadata.synopsis), "genres": .array(metadata.genres.map { .string($0) }), "people": .array(people),
            "maturity": .whole(metadata.maturity), "language": .text(metadata.language), "series": series ?? .null,
        ])
    }

    private static func entries(_ location: Location) -> [JSONValue.Member] {
        members(["hls": .string(location.url("index.m3u8")), "dash": .string(location.url("manifest.mpd"))])
    }

    /// The poster as JPEG where there is one, because everything shows that; `posters` and `cards` have all sizes and types.
    private static func pictures(_ images: [PackageImage], _ location: Location) -> [JSONValue.Member] {
        let posters = images.filter { $0.kind == .poster }
        let poster = posters.first { $0.path.hasSuffix(".jpg") } ?? posters.first
        let map = images.first { $0.kind == .spriteMap }
        return members([
            "poster": .text(poster.map { location.url($0.path) }),
            "posters": .array(posters.map { image($0, location) }),
            "cards": .array(images.filter { $0.kind == .card }.map { image($0, location) }),
            "sprite_vtt": .text(map.map { location.url($0.path) }),
        ])
    }

    private static func image(_ image: PackageImage, _ location: Location) -> JSONValue {
        .fields([
            "width": .whole(image.width), "height": .whole(image.height), "type": .string(ContentType.of(image.path)),
            "url": .string(location.url(image.path)),
        ])
    }

    private static func audio(_ track: CatalogAudioTrack, _ location: Location) -> JSONValue {
        .fields([
            "name": .string(track.name), "language": .string(track.language), "label": .string(track.label),
            "role": .string(track.role.rawValue), "default": .bool(track.isDefault), "codec": .string(track.codec.rawValue),
            "codecs": .string(track.codecs), "channels": .whole(track.channels), "sample_rate": .whole(track.sampleRate),
            "bit_rate": .whole(track.bitRate), "bandwidth": .whole(track.bandwidth), "average_bandwidth": .whole(track.averageBandwidth),
            "url": .string(location.url(track.path + "/media.m3u8")),
        ])
    }

    private static func text(_ track: CatalogTextTrack, _ location: Location) -> JSONValue {
        .fields([
            "name": .string(track.name), "language": .string(track.language), "label": .string(track.label),
            "role": .string(track.role.rawValue), "url": .string(location.url(track.path + "/media.m3u8")),
        ])
    }

    private static func rendition(_ rendition: CatalogRendition, _ location: Location) -> JSONValue {
        .fields([
            "name": .string(rendition.name), "codec": .string(rendition.codec.rawValue), "codecs": .string(rendition.codecs),
            "width": .whole(rendition.width), "height": .whole(rendition.height),
            "frame_rate": .string(rendition.frameRate.description), "frames": .whole(rendition.frames),
            "bit_rate": .whole(rendition.bitRate), "max_rate": .whole(rendition.maxRate), "bandwidth": .whole(rendition.bandwidth),
            "average_bandwidth": .whole(rendition.averageBandwidth), "url": .string(location.url(rendition.path + "/media.m3u8")),
        ])
    }

    /// RFC 3339, UTC.
    private static func time(_ seconds: Int64) -> JSONValue {
        .string(Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601))
    }

    private static func members(_ pairs: KeyValuePairs<String, JSONValue>) -> [JSONValue.Member] {
        pairs.map { JSONValue.Member(key: $0.key, value: $0.value) }
    }
}
