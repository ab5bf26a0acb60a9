import Cataloging
import Engine
import MediaModel
import Packaging
import Storage

/// What a new version of a title can take over from those that are published: asked by a run, and by a plan, which says what a run would
/// do.
extension Published {
    /// What the newest published versions of a title hold of what a new one is made of.
    /// - Parameters:
    ///   - artefacts: of the work folder; where the title's package is there already, nothing is needed.
    ///   - faults: paths of the current version that are known to be wrong.
    func pieces(for plan: AssetPlan, in artefacts: any ArtefactStore, faults: [String] = []) throws -> PublishedPieces {
        guard let catalog, try TitleGraph(plan, in: artefacts).package() == nil else { return .none }
        let versions = try catalog.versions(of: plan.id).filter {
            $0.location == store.location(title: plan.id, version: $0.version)
        }
        var packages: [AssetPackage] = []
        let current = versions.first(where: \.isCurrent)?.version
        for version in versions.sorted(by: { $0.isCurrent && !$1.isCurrent }).prefix(Self.versionsToTakeFrom) {
            // One that cannot be read gives nothing away.
            guard let document = try store.document(title: plan.id, version: version.version),
                let package = try? PackageDocument.decode(document), package.id == plan.id, package.version == version.version
            else { continue }
            // A list that is damaged itself tells nothing.
            guard PackageDocument.isWhole(document) else { continue }
            if version.version == current, faults.contains(StagedNames.document) { continue }
            packages.append(package)
        }
        return PublishedPieces(
            title: plan.id, store: store, versions: packages, faults: current.map { [$0: Set(faults)] } ?? [:])
    }

    private static let versionsToTakeFrom = 3
}
