internal import Cataloging
internal import Hummingbird

/// `GET /healthz`: 200 while the catalog can be read, 503 otherwise.
struct HealthController: Sendable {
    /// Asked by nobody else, so that no other question is in front of this one.
    let catalog: CatalogReader

    /// Seconds to wait for a writer's transaction.
    static let patience = 1.0

    func add(to router: Router<BasicRequestContext>) {
        router.get("healthz", use: health)
    }

    @Sendable private func health(_ request: Request, context: BasicRequestContext) async throws -> Response {
        do { try await catalog.check() } catch {
            // Somebody writes, which is what a catalog is for.
            guard error.code == .locked else { throw error }
        }
        return Document(.fields(["format_version": .integer(1), "status": .string("ok")])).response(to: request)
    }
}
