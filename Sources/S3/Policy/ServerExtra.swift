/// What Amazon's servers know and some others answer `NotImplemented` to. A client that has heard it once does without.
package enum ServerExtra: Hashable, Sendable {
    /// Many keys deleted by one call.
    case manyDeletions
    /// A checksum beside the SHA-256 that is signed anyway: of an object, of an object's parts, of a copy.
    case objectChecksums, partChecksums, copyChecksums
}
