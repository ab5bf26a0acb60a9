internal import Hummingbird

/// `GET /`: the page, embedded in the binary, with its style and scripts beside it. It talks to the API as any client does.
struct PageController: Sendable {
    private let page = Document(PackageResources.index_html, contentType: "text/html; charset=utf-8")
    private let style = Document(PackageResources.page_css, contentType: "text/css; charset=utf-8")
    private let scripts = Self.scripts.mapValues { Document($0, contentType: "text/javascript; charset=utf-8") }

    /// Modules of the page, by their names.
    static let scripts: [String: [UInt8]] = [
        "adaptation.js": PackageResources.adaptation_js, "buffer.js": PackageResources.buffer_js, "card.js": PackageResources.card_js,
        "codecs.js": PackageResources.codecs_js, "dom.js": PackageResources.dom_js, "download.js": PackageResources.download_js,
        "feeder.js": PackageResources.feeder_js, "grid.js": PackageResources.grid_js, "http.js": PackageResources.http_js,
        "list.js": PackageResources.list_js, "native.js": PackageResources.native_js, "page.js": PackageResources.page_js,
        "player.js": PackageResources.player_js, "playlist.js": PackageResources.playlist_js, "seeking.js": PackageResources.seeking_js,
        "sounds.js": PackageResources.sounds_js, "stream.js": PackageResources.stream_js, "streamed.js": PackageResources.streamed_js,
        "subtitles.js": PackageResources.subtitles_js, "throughput.js": PackageResources.throughput_js,
        "title.js": PackageResources.title_js, "words.js": PackageResources.words_js,
    ]

    /// Nothing but the page's own scripts and style runs; pictures and media may come from the store that the catalog names.
    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: http: https:; media-src 'self' blob: http: https:; "
        + "connect-src 'self' http: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    func add(to router: Router<BasicRequestContext>) {
        router.get("/") { [page] request, _ in
            var response = page.response(to: request)
            response.headers[.contentSecurityPolicy] = Self.policy
            return response
        }
        router.get("page.css") { [style] request, _ in style.response(to: request) }
        for (name, script) in scripts {
            router.get(RouterPath(name)) { request, _ in script.response(to: request) }
        }
    }
}
