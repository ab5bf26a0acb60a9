import Cataloging
import Testing

@Suite struct CatalogAddressTests {
    @Test(arguments: [
        ("sqlite:/srv/catalog.sqlite", "/srv/catalog.sqlite"), ("sqlite:./catalog.sqlite", "./catalog.sqlite"),
        ("sqlite:catalog.sqlite", "catalog.sqlite"), ("sqlite:///srv/catalog.sqlite", "/srv/catalog.sqlite"),
        ("sqlite:/srv/100% sure?.sqlite", "/srv/100% sure?.sqlite"),
    ])
    func readsThePathLetterByLetter(_ url: String, _ path: String) throws {
        #expect(try CatalogAddress(url).path == path)
    }

    @Test(arguments: [
        "", "catalog.sqlite", "sqlite:", "sqlite:/", "sqlite://host/catalog.sqlite", "postgres://me@host/db", "mysql:x",
    ])
    func refusesWhatItCannotReadWithTheWayOut(_ url: String) {
        let error = catalogError { _ = try CatalogAddress(url) }
        #expect(error?.code == .badAddress)
        #expect(error?.description.contains("sqlite:PATH") == true)
    }
}
