internal import Cataloging
internal import Hummingbird

/// `GET /healthz`: 200 while the catalog can be read, 503 otherwise.
struct HealthController: Sendable {
    let catalog: CatalogReader

    func add(to router: Router<BasicRequestContext>) {
        router.get("healthz", use: health)
    }

    @Sendable private func health(_ request: Request, context: BasicRequestContext) async throws -> Response {
        try await catalog.check()
        return Document(.fields(["format_version": .integer(1), "status": .string("ok")])).response(to: request)
    }
}
