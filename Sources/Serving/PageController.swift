internal import Hummingbird

/// `GET /`: the page, embedded in the binary, with its style and scripts beside it. It talks to the API as any client does.
struct PageController: Sendable {
    private let page = Document(PackageResources.index_html, contentType: "text/html; charset=utf-8")
    private let style = Document(PackageResources.page_css, contentType: "text/css; charset=utf-8")
    private let scripts = [
        "page.js": PackageResources.page_js, "player.js": PackageResources.player_js, "subtitles.js": PackageResources.subtitles_js,
        "dom.js": PackageResources.dom_js, "words.js": PackageResources.words_js,
    ].mapValues { Document($0, contentType: "text/javascript; charset=utf-8") }

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
