import Foundation
import MediaModel
import TestSupport
import Testing

@testable import Storage

/// Whatever is wrong with what is handed over: the store shows nothing of it, and the message names the file.
@Suite struct StagedDamageTests {
    let disk: TemporaryFolder
    let store: FolderStore

    init() throws {
        disk = try TemporaryFolder()
        store = FolderStore(root: disk.file("store"))
    }

    func refusal(of staged: StagedPackage, package: AssetPackage? = nil) throws -> TransferError {
        let error = try #require(throws: TransferError.self) {
            try store.publish(staged: staged.path, package: package ?? staged.package, previousVersion: nil)
        }
        #expect(error.code == .invalidPackage)
        #expect(!error.description.contains("\n"))
        #expect(try disk.listing().allSatisfy { $0.hasSuffix("/.lock") })
        return error
    }

    @Test func missingFile() throws {
        let staged = try StagedPackage()
        try FileManager.default.removeItem(atPath: staged.folder.file("video/360p/00002.m4s"))
        #expect(try refusal(of: staged).description.contains("video/360p/00002.m4s"))
    }

    @Test(arguments: ["tw", "TWO"])
    func fileWithAnotherContent(text: String) throws {
        let staged = try StagedPackage()
        try staged.folder.write(text, to: "video/360p/00002.m4s")
        #expect(try refusal(of: staged).description.contains("video/360p/00002.m4s"))
    }

    @Test func missingListing() throws {
        let staged = try StagedPackage()
        try FileManager.default.removeItem(atPath: staged.folder.file("package.json"))
        #expect(try refusal(of: staged).description.contains("package.json"))
    }

    @Test func listingOfAnotherVersion() throws {
        let staged = try StagedPackage()
        var other = staged.package
        other.version = "fedcba9876543210"
        #expect(try refusal(of: staged, package: other).description.contains("fedcba9876543210"))
    }

    @Test func symbolicLinkInPlaceOfAFile() throws {
        let staged = try StagedPackage()
        let secret = try disk.write("two", to: "secret")
        let name = staged.folder.file("video/360p/00002.m4s")
        try FileManager.default.removeItem(atPath: name)
        try FileManager.default.createSymbolicLink(atPath: name, withDestinationPath: secret)
        let error = try #require(throws: TransferError.self) {
            try store.publish(staged: staged.path, package: staged.package, previousVersion: nil)
        }
        #expect(error.code == .invalidPackage)
    }

    @Test func symbolicLinkInPlaceOfAFolder() throws {
        let staged = try StagedPackage()
        try FileManager.default.moveItem(atPath: staged.folder.file("video"), toPath: staged.folder.file("elsewhere"))
        try FileManager.default.createSymbolicLink(atPath: staged.folder.file("video"), withDestinationPath: "elsewhere")
        #expect(try refusal(of: staged).description.contains("/video"))
    }

    @Test(arguments: ["../escaped", "/etc/escaped", "video//escaped", "video/../../escaped", ".lock", "video/.hidden"])
    func nameThatLeadsOutOfThePackage(name: String) throws {
        let staged = try StagedPackage()
        var package = staged.package
        package.files.append(PackageFile(path: name, bytes: 0, sha256: "", contentType: "text/plain"))
        try staged.writeListing(package)
        #expect(try refusal(of: staged, package: package).description.contains("'\(name)'"))
    }

    @Test(arguments: ["..", "a/b", "", ".hidden"])
    func titleThatIsNoName(id: String) throws {
        let staged = try StagedPackage(id: id)
        #expect(try refusal(of: staged).description.contains("no plain name"))
    }
}
