/// Who is told how a run ended. Holds no secrets.
package struct NotifySettings: Hashable, Sendable {
    package var url: TemplateText
    /// Name of the environment's variable with the key that the message is signed with.
    package var secretVariable: String

    package init(url: TemplateText, secretVariable: String) {
        self.url = url
        self.secretVariable = secretVariable
    }
}

/// The request that is sent when a version has become current. Holds no secrets: they are filled in from the environment.
package struct PurgeSettings: Hashable, Sendable {
    package struct Header: Hashable, Sendable {
        package var name: String
        package var value: TemplateText

        package init(name: String, value: TemplateText) {
            self.name = name
            self.value = value
        }
    }

    package var method: String
    package var url: TemplateText
    package var headers: [Header]
    package var body: TemplateText?

    package init(method: String, url: TemplateText, headers: [Header] = [], body: TemplateText? = nil) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}
