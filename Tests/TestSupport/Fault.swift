/// The message of the error that `body` must throw; a text that no error has where it throws none.
package func fault<T>(_ body: () throws -> T) throws -> String {
    do {
        _ = try body()
        return "nothing was thrown"
    } catch {
        return "\(error)"
    }
}
