import MediaModel
import Testing

@testable import Pipeline

@Suite struct VerificationTests {
    @Test(arguments: [
        "s3://KEY:secret@films/night-train/0123456789abcdef", "s3://KEY:secret@/p", "https://me:secret@127.0.0.1:1/a?k=secret",
    ])
    func noPasswordIsRepeated(address: String) {
        let error = #expect(throws: PipelineError.self) {
            try Verification.run(address, endpoint: nil, certificateBundle: "/nowhere/ca.pem")
        }
        #expect(error?.description.contains("secret") == false, "\(error?.description ?? "")")
    }

    @Test(arguments: ["postgres://me:secret@db/films", "sqlite://me:secret@host/c.sqlite"])
    func aCatalogsPasswordIsNotRepeated(catalog: String) {
        let error = #expect(throws: PipelineError.self) { try CatalogListing.titles(catalog: catalog) { _ in } }
        #expect(error?.code == .usage && error?.description.contains("secret") == false, "\(error?.description ?? "")")
    }

    @Test func theLineOfAFailureHoldsNoPassword() {
        let error = PipelineError(.title, "fetch it", "it is redirected to https://me:secret@host/a.mov:\nno")
        #expect(FailureReason.line(error) == "cannot fetch it: it is redirected to https://host/a.mov: no")
    }
}
