import Cataloging
import Engine
import Foundation
import MediaModel
import Planning

/// Which manifest a catalog's titles belong to: two that name one id would each undo the other's work, night by night.
///
/// A manifest is known by its path relative to the catalog's folder, so that a checkout that holds both may be moved. Where the catalog
/// lies elsewhere, what is found under the old path decides: the same file, or one that does not name the title any more, gives the title
/// up; and if there is none, the manifest that names most of what it owned is the one that was moved.
struct Ownership {
    let manifest: Manifest

    private var catalogFolder: String {
        let path = manifest.catalog.firstIndex(of: ":").map { String(manifest.catalog[manifest.catalog.index(after: $0)...]) } ?? ""
        return (path as NSString).deletingLastPathComponent
    }

    /// What the catalog knows this manifest by.
    var name: String { Self.relative(manifest.path, to: catalogFolder) }

    /// Titles that this manifest does not own and may have.
    /// - Parameters:
    ///   - owners: as the catalog has them.
    ///   - owned: titles of another manifest.
    /// - Throws: `DocumentErrors` that name the other manifest where it is not this one's title.
    func claims(
        of titles: [TitleRequest], owners: [String: String], titlesOf owned: (String) throws -> [String]
    ) throws -> [String] {
        var others: [String: Other] = [:]
        var claims: [String] = []
        var faults: [Diagnostic] = []
        for title in titles where owners[title.id] != name {
            guard let owner = owners[title.id], !title.takesOver else {
                claims.append(title.id)
                continue
            }
            let other = try others[owner] ?? other(owner, owned)
            others[owner] = other
            switch other {
            case .isThis: break
            case .gaveUp(let left) where !left.contains(title.id): claims.append(title.id)
            case .gaveUp, .isUnreadable: faults.append(fault(title, owner))
            }
        }
        guard faults.isEmpty else { throw DocumentErrors(diagnostics: faults) }
        return claims
    }

    /// What has become of the manifest that the catalog names.
    private enum Other {
        /// It is this one, by another path.
        case isThis
        /// It names these titles still, and no others.
        case gaveUp(except: Set<String>)
        /// Whether it names a title cannot be told.
        case isUnreadable
    }

    private func other(_ owner: String, _ owned: (String) throws -> [String]) throws -> Other {
        let path = place(owner)
        guard let there = SystemCall.status(path) else {
            // Moved or renamed: whoever names most of its titles is what it has become. On another machine it may be there.
            guard SystemCall.isGone(path) else { return .isUnreadable }
            let (all, own) = (try owned(owner), Set(manifest.titles.map(\.id)))
            return 2 * all.count { own.contains($0) } > all.count ? .gaveUp(except: []) : .isUnreadable
        }
        if let here = SystemCall.status(manifest.path), here.st_ino == there.st_ino, here.st_dev == there.st_dev { return .isThis }
        guard let other = ManifestReader.read(path: path, presets: EngineIdentity.presets, checkFiles: false).value?.manifest else {
            return .isUnreadable
        }
        return .gaveUp(except: other.catalog == manifest.catalog ? Set(other.titles.map(\.id)) : [])
    }

    private func place(_ owner: String) -> String {
        URL(fileURLWithPath: owner, relativeTo: URL(fileURLWithPath: catalogFolder, isDirectory: true)).standardizedFileURL.path
    }

    private func fault(_ title: TitleRequest, _ owner: String) -> Diagnostic {
        let numbers = title.place.split(separator: ":").map { Int($0) ?? 0 }
        return Diagnostic(
            file: manifest.path, line: numbers.first ?? 0, column: numbers.last ?? 0, key: "titles.id",
            message: "the title '\(title.id)' belongs to the manifest '\(place(owner))' in this catalog; "
                + "take it out there, or write 'take_over: true' here to move it")
    }

    static func relative(_ path: String, to folder: String) -> String {
        let (parts, from) = (path.split(separator: "/"), folder.split(separator: "/"))
        let common = zip(parts, from).prefix { $0 == $1 }.count
        return (Array(repeating: "..", count: from.count - common) + parts.dropFirst(common)).joined(separator: "/")
    }
}

extension Published {
    /// Looks whether the titles may be this manifest's; changes nothing.
    /// - Throws: `DocumentErrors`.
    func demandOwnership(of titles: [TitleRequest], in manifest: Manifest) throws {
        guard let catalog else { return }
        _ = try Ownership(manifest: manifest).claims(
            of: titles, owners: catalog.owners(of: titles.map(\.id)), titlesOf: catalog.titles(ownedBy:))
    }
}

extension Catalog {
    /// Makes titles a manifest's own before anything is done for them.
    /// - Throws: `DocumentErrors` where another manifest owns one: then none is claimed.
    func claim(_ titles: [TitleRequest], for manifest: Manifest) throws {
        let ownership = Ownership(manifest: manifest)
        // Of two runs that claim at the same moment the slower one looks again.
        for _ in 0..<5 {
            let owners = try owners(of: titles.map(\.id))
            let claims = try ownership.claims(of: titles, owners: owners, titlesOf: self.titles(ownedBy:))
            if try claim(claims, for: ownership.name, from: owners) { return }
        }
        throw PipelineError(.locked, "claim the titles of '\(manifest.path)'", "other runs claim them at the same time; run again")
    }
}
