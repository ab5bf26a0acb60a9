internal import MediaModel

/// What `reelmill-server --version` prints: the version of the program that its catalog and packages come from.
package var serverVersion: String { productVersion }
