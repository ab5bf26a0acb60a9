internal import Cataloging
internal import Hummingbird

/// All routes of the server. What is common to all answers comes first: headers, then errors, then the methods.
func buildRouter(catalog: CatalogReader, media: MediaStore) -> Router<BasicRequestContext> {
    let router = Router(context: BasicRequestContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: CommonHeadersMiddleware())
    router.add(middleware: ProblemMiddleware())
    router.add(middleware: ReadOnlyMiddleware())
    PageController().add(to: router)
    HealthController(catalog: catalog).add(to: router)
    TitlesController(catalog: catalog).add(to: router)
    MediaController(store: media).add(to: router)
    return router
}
