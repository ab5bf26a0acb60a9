internal import Cataloging
internal import Hummingbird

/// `GET /api/v1/titles` and `GET /api/v1/titles/{id}`.
struct TitlesController: Sendable {
    let catalog: CatalogReader

    func add(to router: Router<BasicRequestContext>) {
        router.group("api/v1/titles").get(use: list).get(":id", use: show)
    }

    @Sendable private func list(_ request: Request, context: BasicRequestContext) async throws -> Response {
        Document(TitleJSON.list(try await catalog.titles())).response(to: request)
    }

    @Sendable private func show(_ request: Request, context: BasicRequestContext) async throws -> Response {
        let id = try context.parameters.require("id")
        guard let title = try await catalog.title(id) else { throw Problem.notFound("no title '\(id)'") }
        return Document(TitleJSON.title(title)).response(to: request)
    }
}
