/// What people know a title by. Not part of the package: changing it makes no new version.
package struct TitleMetadata: Hashable, Sendable, Codable {
    package var name: String
    package var kind: TitleKind
    package var year: Int?
    package var synopsis: String?
    package var genres: [String]
    package var people: [Person]
    /// The age from which it may be watched, in years.
    package var maturity: Int?
    /// BCP 47, of the title itself.
    package var language: String?
    package var series: SeriesMembership?

    package init(
        name: String, kind: TitleKind, year: Int? = nil, synopsis: String? = nil, genres: [String] = [],
        people: [Person] = [], maturity: Int? = nil, language: String? = nil, series: SeriesMembership? = nil
    ) {
        self.name = name
        self.kind = kind
        self.year = year
        self.synopsis = synopsis
        self.genres = genres
        self.people = people
        self.maturity = maturity
        self.language = language
        self.series = series
    }
}

package enum TitleKind: String, Hashable, Sendable, Codable, CaseIterable {
    case movie, episode, clip
}

package struct Person: Hashable, Sendable, Codable {
    package var name: String
    /// Free text, such as `director` or `cast`.
    package var role: String

    package init(name: String, role: String) {
        self.name = name
        self.role = role
    }
}

/// An episode's place in its series.
package struct SeriesMembership: Hashable, Sendable, Codable {
    /// Stable key of the series, `[a-z0-9-]`.
    package var id: String
    package var name: String
    package var season: Int
    package var episode: Int

    package init(id: String, name: String, season: Int, episode: Int) {
        self.id = id
        self.name = name
        self.season = season
        self.episode = episode
    }
}
