internal import Foundation
internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import MediaModel

/// What the server is asked to serve, and where.
package struct ServerOptions: Hashable, Sendable {
    /// Address of the catalog, such as `sqlite:/srv/catalog.sqlite`.
    package var catalog: String
    /// The folder store; nil for wherever the catalog says that versions stand.
    package var media: String?
    package var host: String
    /// 0 for any that is free.
    package var port: Int
    package var limits: ConnectionLimits

    package init(
        catalog: String, media: String? = nil, host: String = "127.0.0.1", port: Int = 8080, limits: ConnectionLimits = ConnectionLimits()
    ) {
        self.catalog = catalog
        self.media = media
        self.host = host
        self.port = port
        self.limits = limits
    }
}

/// Serves until SIGTERM or SIGINT, then lets open answers end. Throws when the catalog cannot be read, or the address not listened on.
///
/// - Parameter announce: called once the server listens, with its URL.
package func serve(_ options: ServerOptions, announce: @escaping @Sendable (String) -> Void) async throws(ServingError) {
    let application = try buildApplication(options, announce: announce)
    do {
        try await application.runService()
    } catch {
        throw ServingError(
            .address, operation: "listen", detail: "\(options.host):\(options.port) cannot be used; choose another --port or --host",
            underlying: "\(error)")
    }
}

/// The application, ready to run. Opens the catalog.
func buildApplication(
    _ options: ServerOptions, announce: @escaping @Sendable (String) -> Void
) throws(ServingError) -> Application<RouterResponder<BasicRequestContext>> {
    var logger = Logger(label: "reelmill-server")
    logger.logLevel = .warning
    let catalogs: CatalogReaders
    do {
        catalogs = try CatalogReaders(url: options.catalog)
    } catch {
        // An address may hold a password.
        let detail = "\(error)".replacing(options.catalog, with: ShownAddress.of(options.catalog))
        throw ServingError(.catalog, operation: "start", detail: detail)
    }
    let host = options.host.contains(":") ? "[\(options.host)]" : options.host
    return Application(
        router: buildRouter(catalogs: catalogs, media: try mediaStore(options, catalog: catalogs.media)),
        server: HTTPServerBuilder { [limits = options.limits] responder in ServedChannel(responder: responder, limits: limits) },
        configuration: ApplicationConfiguration(address: .hostname(options.host, port: options.port), reuseAddress: true),
        onServerRunning: { channel in announce("http://\(host):\(channel.localAddress?.port ?? options.port)/") }, logger: logger)
}

private func mediaStore(_ options: ServerOptions, catalog: MediaCatalog) throws(ServingError) -> MediaStore {
    guard let folder = options.media else { return MediaStore(root: .catalog(catalog)) }
    let path = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    // A folder that cannot be looked at is as good as none: the person is told.
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard attributes?[.type] as? FileAttributeType == .typeDirectory else {
        throw ServingError(.media, operation: "start", detail: "\(folder): is no folder; name the store that titles were published to")
    }
    return MediaStore(root: .folder(path))
}
