/// A place in a text file, counted from 1 in lines and Unicode scalars, as editors show it.
package struct Place: Hashable, Sendable {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// Where a document begins; used where nothing more exact is known.
    package static let start = Place(line: 1, column: 1)
}
