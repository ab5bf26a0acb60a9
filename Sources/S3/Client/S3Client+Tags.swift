import Curl
package import MediaModel

/// What a server says of the tags that an object has.
package enum KeptTags: Hashable, Sendable {
    case known([String: String])
    /// It keeps none.
    case notKept
    /// Our key may not read them.
    case hidden
}

extension S3Client {
    /// Tags of an object, as the server says by itself.
    ///
    /// Some servers do not know `?tagging`, and do with the object itself what was to be done with its tags: they answer its bytes here,
    /// and would take tags for its new ones.
    /// - Parameter isCounted: whether the server tells how many tags the object has.
    package func tags(_ key: String, isCounted: Bool) throws(TransferError) -> KeptTags {
        var request = S3Request("GetObjectTagging", "GET", key, query: [("tagging", "")])
        request.destination = .memory(limit: 64 << 10)
        do throws(TransferError) {
            // Ceph's gateway has no word for the tags of what was put together from parts.
            let read = { (body: [UInt8]) in body.isEmpty && isCounted ? [:] : Self.tags(in: body) }
            switch try attempt(request, reading: { Optional.some(read($0.body)) }) {
            case .done(let tags): return tags.map { .known($0) } ?? .notKept
            case .refused(let fault) where fault.status == 403: return .hidden
            case .refused(let fault) where fault.code.hasPrefix("NoSuchTagSet"): return .known([:])
            case .refused(let fault) where fault.isNotImplemented || [400, 404, 405].contains(fault.status): return .notKept
            case .refused(let fault): throw refusal(request, fault)
            }
        } catch {
            guard error.code == .tooLarge else { throw error }
            return .notKept
        }
    }

    /// Gives an object the settings' tags. Only where `tags` has told that the server knows what is meant.
    package func tag(_ key: String) throws(TransferError) {
        let tags = settings.tags.sorted { $0.key < $1.key }.map { name, value in
            "<Tag><Key>\(Self.escaped(name))</Key><Value>\(Self.escaped(value))</Value></Tag>"
        }
        let body = Array("<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><TagSet>\(tags.joined())</TagSet></Tagging>".utf8)
        var request = S3Request("PutObjectTagging", "PUT", key, query: [("tagging", "")]).sending(body)
        request.headers = [HTTPField("content-md5", Digest.base64MD5(body)), HTTPField("content-type", "application/xml")]
        try demand(request)
    }

    /// nil: it is something else.
    package static func tags(in body: [UInt8]) -> [String: String]? {
        guard let root = XMLNode(body), root.name == "Tagging" else { return nil }
        let pairs = (root.first("TagSet")?.all("Tag") ?? []).compactMap { tag in tag["Key"].map { ($0, tag["Value"] ?? "") } }
        return Dictionary(pairs) { $1 }
    }
}
