internal import Hummingbird

/// All routes of the server. What is common to all answers comes first: headers, then errors, then the host and the methods.
func buildRouter(catalogs: CatalogReaders, media: MediaStore) -> Router<BasicRequestContext> {
    let router = Router(context: BasicRequestContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: CommonHeadersMiddleware())
    router.add(middleware: ProblemMiddleware())
    router.add(middleware: HostMiddleware())
    router.add(middleware: ReadOnlyMiddleware())
    PageController().add(to: router)
    HealthController(catalog: catalogs.health).add(to: router)
    TitlesController(catalog: catalogs.titles, listing: catalogs.listing).add(to: router)
    MediaController(store: media, catalog: catalogs.media).add(to: router)
    return router
}
