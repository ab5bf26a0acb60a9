internal import Cataloging
internal import Hummingbird
internal import MediaModel

/// `GET /api/v1/titles` and `GET /api/v1/titles/{id}`.
struct TitlesController: Sendable {
    let catalog: CatalogReader
    /// For lists alone.
    let listing: CatalogReader

    func add(to router: Router<BasicRequestContext>) {
        router.group("api/v1/titles").get(use: list).get(":id", use: show)
    }

    @Sendable private func list(_ request: Request, context: BasicRequestContext) async throws -> Response {
        var titles = try await listing.listing()
        let first = try await titles.next() ?? []
        if titles.isOver { return Document(TitleJSON.list(first)).response(to: request) }
        return TitleStream(first: first, rest: titles).response(to: request)
    }

    @Sendable private func show(_ request: Request, context: BasicRequestContext) async throws -> Response {
        let id = try context.parameters.require("id")
        guard let title = try await catalog.title(id) else {
            throw try await catalog.isRemoved(id) ? Problem.gone(id) : .notFound("no title '\(id)'")
        }
        guard title.removedAt == nil else { throw Problem.gone(id) }
        return Document(TitleJSON.title(title)).response(to: request)
    }
}
