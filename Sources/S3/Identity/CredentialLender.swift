import Curl
import Foundation
import MediaModel

/// How long those who lend to a machine or a container are waited for.
struct LenderPatience: Sendable {
    /// Three tries take about a second where nobody is.
    var knocking: Patience = {
        var patience = Patience()
        patience.connecting = 300
        patience.whole = 1000
        return patience
    }()

    /// These services are on the machine itself or next to it.
    var nearby: Patience = {
        var patience = Patience()
        patience.connecting = 1000
        patience.whole = 5000
        return patience
    }()
}

/// Services that lend credentials for a time: the token service, a container's agent, the machine's metadata.
struct CredentialLender {
    private let surroundings: Surroundings
    private let profile: String?
    private let region: String?
    private let web: HTTPClient
    private let near: HTTPClient
    private let patience: LenderPatience
    private let isStopped: @Sendable () -> Bool

    /// - Parameters:
    ///   - profile: one that the settings name.
    ///   - region: one that the settings name.
    init(
        _ surroundings: Surroundings, profile: String?, region: String?, web: HTTPClient, near: HTTPClient, patience: LenderPatience,
        isStopped: @escaping @Sendable () -> Bool
    ) {
        self.surroundings = surroundings
        self.profile = profile
        self.region = region
        self.patience = patience
        self.web = web
        self.near = near
        self.isStopped = isStopped
    }

    /// For the token that the environment names; nil: it names none.
    func forWebIdentity() throws(TransferError) -> S3Credentials? {
        guard let file = surroundings["AWS_WEB_IDENTITY_TOKEN_FILE"], let role = surroundings["AWS_ROLE_ARN"] else { return nil }
        return try assume(role, tokenFile: file, session: surroundings["AWS_ROLE_SESSION_NAME"])
    }

    /// AssumeRoleWithWebIdentity of the token service.
    /// - Parameter theirs: the region of the profile that has the role.
    func assume(_ role: String, tokenFile: String, session: String?, theirs: String? = nil) throws(TransferError) -> S3Credentials {
        let words = [("RoleSessionName", session ?? "reelmill"), ("WebIdentityToken", try text(of: tokenFile))]
        return try assume("AssumeRoleWithWebIdentity", role, words, region: serviceRegion(theirs), for: nil)
    }

    /// AssumeRole of the token service.
    /// - Parameters:
    ///   - owner: who asks for the role.
    ///   - externalID: what the role's own account has agreed with the asker.
    ///   - theirs: the region of the profile that has the role.
    func assume(
        _ role: String, for owner: S3Credentials, session: String?, externalID: String?, theirs: String?
    ) throws(TransferError) -> S3Credentials {
        let words = [("RoleSessionName", session ?? "reelmill")] + (externalID.map { [("ExternalId", $0)] } ?? [])
        return try assume("AssumeRole", role, words, region: serviceRegion(theirs), for: owner)
    }

    /// Whose token service is asked.
    private func serviceRegion(_ theirs: String?) -> String { region ?? theirs ?? surroundings.region(nil, profile: profile) }

    /// - Parameter owner: who signs; nil: the words say who asks.
    private func assume(
        _ action: String, _ role: String, _ words: [(String, String)], region: String, for owner: S3Credentials?
    ) throws(TransferError) -> S3Credentials {
        let endpoint =
            try surroundings.endpoint("sts", profile: profile)?.url ?? "https://sts.\(region).\(AmazonPartition.dnsSuffix(region: region))"
        let form = [("Action", action), ("Version", "2011-06-15"), ("RoleArn", role)] + words
        let body = Array(form.map { "\($0.0)=\(URIEncoding.encode($0.1))" }.joined(separator: "&").utf8)
        var time = Date()
        let url = endpoint.hasSuffix("/") ? endpoint : endpoint + "/"
        let (host, path) = Self.signed(url)
        let send = { () throws(TransferError) -> HTTPResponse in
            var headers = [HTTPField("content-type", "application/x-www-form-urlencoded")]
            if let owner {
                let signature = SignatureV4(credentials: owner, region: region, service: "sts", time: time)
                headers += signature.headers(
                    method: "POST", path: path, query: [], headers: headers + [HTTPField("host", host)], payloadHash: Digest.hexSHA256(body)
                )
            }
            return try self.send(HTTPRequest("POST", url, headers: headers, body: .bytes(body)), through: web)
        }
        var answer = try send()
        // A clock that is wrong here is as wrong as it is for S3, which has not been asked yet.
        if answer.status == 403 || answer.status == 400, let theirs = answer["date"].flatMap(AmazonTime.parseHeader),
            abs(theirs.timeIntervalSince(time)) > RetryPolicy().clockTolerance
        {
            time = theirs
            answer = try send()
        }
        if let fault = S3Fault(answer) { throw CredentialChain.none("\(Self.shown(endpoint)): \(fault.summary)") }
        let node = XMLNode(answer.body)?.first("\(action)Result")?.first("Credentials")
        guard let node, let key = node["AccessKeyId"], let secret = node["SecretAccessKey"], let token = node["SessionToken"] else {
            throw CredentialChain.none("the token service at \(Self.shown(endpoint)) answered no credentials")
        }
        let expiration = node["Expiration"].flatMap(AmazonTime.parseISO)
        return S3Credentials(accessKey: key, secretKey: secret, sessionToken: token, expiration: expiration)
    }

    /// An address's host, as it goes out in the header, and its path. A scheme's own port is left out there.
    static func signed(_ url: String) -> (host: String, path: String) {
        guard let parts = URLComponents(string: url), let host = parts.percentEncodedHost else { return ("", "/") }
        let isUsual = parts.port == nil || (parts.scheme == "https" && parts.port == 443) || (parts.scheme == "http" && parts.port == 80)
        return (isUsual ? host : "\(host):\(parts.port ?? 0)", parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath)
    }

    /// From the agent of a container; nil: the environment names none.
    func ofContainer() throws(TransferError) -> S3Credentials? {
        let url: String
        if let path = surroundings["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] {
            url = "http://169.254.170.2\(path)"
        } else if let full = surroundings["AWS_CONTAINER_CREDENTIALS_FULL_URI"] {
            try validateAgent(full)
            url = full
        } else {
            return nil
        }
        var headers: [HTTPField] = []
        if let file = surroundings["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] {
            headers = [HTTPField("Authorization", try text(of: file))]
        } else if let token = surroundings["AWS_CONTAINER_AUTHORIZATION_TOKEN"] {
            headers = [HTTPField("Authorization", token)]
        }
        return try lent(by: "the container's agent", ask(HTTPRequest("GET", url, headers: headers, patience: patience.nearby)))
    }

    /// From the metadata of a machine at Amazon, version 2; nil: this is none, or it was given no role.
    func ofInstance() throws(TransferError) -> S3Credentials? {
        guard surroundings["AWS_EC2_METADATA_DISABLED"]?.lowercased() != "true" else { return nil }
        let base = try metadata()
        let lifetime = HTTPField("x-aws-ec2-metadata-token-ttl-seconds", "21600")
        let request = HTTPRequest("PUT", base + Self.tokenPath, headers: [lifetime], body: .bytes([]), patience: patience.knocking)
        guard let answer = try knock(request), answer.status == 200 else { return nil }
        let token = HTTPField("x-aws-ec2-metadata-token", String(decoding: answer.body, as: UTF8.self))
        let roles = "\(base)/latest/meta-data/iam/security-credentials/"
        let names = try ask(HTTPRequest("GET", roles, headers: [token], patience: patience.nearby), isOptional: true)
        guard names.status == 200, let role = String(decoding: names.body, as: UTF8.self).split(whereSeparator: \.isNewline).first
        else { return nil }
        let url = roles + URIEncoding.encodePath(role)
        return try lent(by: "the machine's metadata", ask(HTTPRequest("GET", url, headers: [token], patience: patience.nearby)))
    }

    /// Where a machine's metadata is, without a slash at its end.
    func metadata() throws(TransferError) -> String {
        let key = "ec2_metadata_service_endpoint"
        if var named = surroundings.setting("AWS_EC2_METADATA_SERVICE_ENDPOINT", key, profile: profile) {
            while named.hasSuffix("/") { named.removeLast() }
            return named
        }
        let mode = surroundings.setting("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "\(key)_mode", profile: profile) ?? "IPv4"
        switch mode.lowercased() {
        case "ipv4": return "http://169.254.169.254"
        case "ipv6": return "http://[fd00:ec2::254]"
        default: throw CredentialChain.none("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE is '\(mode)', but must be IPv4 or IPv6")
        }
    }

    private static let tokenPath = "/latest/api/token"

    /// Anywhere but at Amazon nobody answers, and that is no fault; but a packet may be lost, and the service may be in trouble.
    private func knock(_ request: HTTPRequest) throws(TransferError) -> HTTPResponse? {
        var requests = PlainRequests(client: near, isStopped: isStopped)
        requests.policy.attempts = 3
        requests.policy.base = 0.1
        let answer: HTTPResponse
        do throws(TransferError) {
            answer = try requests.send(request, operation: "find credentials for S3")
        } catch {
            if error.code == .cancelled { throw error }
            return nil
        }
        if answer.status >= 500 { throw CredentialChain.none("\(Self.shown(request.url))\(Self.tokenPath): status \(answer.status)") }
        return answer
    }

    /// A token may only go where nobody can listen: over TLS, or within the machine and its link.
    private func validateAgent(_ url: String) throws(TransferError) {
        let parts = URLComponents(string: url)
        let host = (parts?.host ?? "").lowercased().filter { $0 != "[" && $0 != "]" }
        let trusted: Set<String> = ["localhost", "::1", "169.254.170.2", "169.254.170.23", "fd00:ec2::23"]
        guard parts?.scheme == "https" || (parts?.scheme == "http" && (trusted.contains(host) || Self.isThisMachine(host))) else {
            throw CredentialChain.none("AWS_CONTAINER_CREDENTIALS_FULL_URI names '\(Self.shown(url))', which is not safe to ask")
        }
    }

    /// 127.0.0.0/8
    private static func isThisMachine(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// A lender as people may know it: scheme, host and port. The path at a container's agent is a secret, and so is what stands before
    /// an '@'.
    static func shown(_ url: String) -> String {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme, let host = parts.host, !host.isEmpty else {
            return "an address that is none"
        }
        let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        return "\(scheme)://\(name)\(parts.port.map { ":\($0)" } ?? "")"
    }

    private struct Loan: Decodable {
        var AccessKeyId: String
        var SecretAccessKey: String
        var Token: String?
        var Expiration: String?
    }

    private func lent(by lender: String, _ answer: HTTPResponse) throws(TransferError) -> S3Credentials {
        guard let loan = try? JSONDecoder().decode(Loan.self, from: Data(answer.body)) else {
            throw CredentialChain.none("\(lender) answered no credentials")
        }
        return S3Credentials(
            accessKey: loan.AccessKeyId, secretKey: loan.SecretAccessKey, sessionToken: loan.Token,
            expiration: loan.Expiration.flatMap(AmazonTime.parseISO))
    }

    /// - Parameter isOptional: a 404 is an answer.
    private func ask(_ request: HTTPRequest, isOptional: Bool = false) throws(TransferError) -> HTTPResponse {
        let answer = try send(request, through: near)
        guard let fault = S3Fault(answer), !(isOptional && fault.status == 404) else { return answer }
        // The message may repeat the path.
        throw CredentialChain.none("\(Self.shown(request.url)): status \(fault.status)")
    }

    private func send(_ request: HTTPRequest, through client: HTTPClient) throws(TransferError) -> HTTPResponse {
        let lender = Self.shown(request.url)
        var requests = PlainRequests(client: client, isStopped: isStopped, words: { "\(lender): \($0.kind)" })
        requests.policy.attempts = 3
        return try requests.send(request, operation: "find credentials for S3")
    }

    private func text(of file: String) throws(TransferError) -> String {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw CredentialChain.none("the token file \(file) cannot be read")
        }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
