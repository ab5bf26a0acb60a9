import Testing

@testable import Serving

@Suite struct ServeTests {
    @Test func missingCatalogIsOneClearLine() throws {
        let error = #expect(throws: ServingError.self) {
            _ = try buildApplication(ServerOptions(catalog: "sqlite:/nowhere/catalog.sqlite")) { _ in }
        }
        #expect(error?.code == .catalog)
        #expect(error?.description.contains("/nowhere/catalog.sqlite") == true)
        #expect(error?.description.contains("\n") == false)
    }

    @Test(arguments: ["postgres://me:secret@db/films", "sqlite://me:secret@host/c.sqlite"])
    func noPasswordIsRepeated(catalog: String) throws {
        let error = #expect(throws: ServingError.self) { _ = try buildApplication(ServerOptions(catalog: catalog)) { _ in } }
        #expect(error?.description.contains("secret") == false)
    }

    @Test func missingStoreIsNamed() throws {
        let served = try ServedFolder()
        let error = #expect(throws: ServingError.self) {
            _ = try buildApplication(ServerOptions(catalog: "sqlite:\(served.path)/catalog.sqlite", media: "/nowhere/store")) { _ in }
        }
        #expect(error?.code == .media)
        #expect(error?.description.contains("/nowhere/store") == true)
    }
}
