package import Foundation
package import MediaModel
package import S3

/// What a run that never ended has left in a store, whichever kind that is.
package enum Remnant: Hashable, Sendable {
    case leftover(Leftover)
    case upload(UnfinishedUpload)
}

extension Remnant: CustomStringConvertible {
    /// One line for a person.
    package var description: String {
        switch self {
        case .leftover(let leftover):
            "leftover \(leftover.title)/\(leftover.name), last written \(leftover.changedAt.formatted(.iso8601))"
        case .upload(let upload):
            "upload \(upload.key) \(upload.uploadID), begun \(upload.initiated?.formatted(.iso8601) ?? "some time ago")"
        }
    }
}

extension FolderStore {
    package func remnants(of titles: Set<String>, before time: Date) throws(TransferError) -> [Remnant] {
        var remnants: [Remnant] = []
        for title in titles.sorted() {
            remnants += try leftovers(of: title).filter { $0.changedAt < time }.map { .leftover($0) }
        }
        return remnants
    }

    package func remove(_ remnant: Remnant) throws(TransferError) {
        if case .leftover(let leftover) = remnant { try remove(leftover) }
    }
}

extension S3Store {
    package func remnants(of titles: Set<String>, before time: Date) throws(TransferError) -> [Remnant] {
        try abandonedUploads(of: titles, before: time).map { .upload($0) }
    }

    package func remove(_ remnant: Remnant) throws(TransferError) {
        if case .upload(let upload) = remnant { try abort(upload) }
    }
}
