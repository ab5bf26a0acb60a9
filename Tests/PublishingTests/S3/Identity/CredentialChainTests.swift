import Curl
import Foundation
import Publishing
import Synchronization
import TestSupport
import Testing

@Suite struct CredentialChainTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func chain(_ environment: [String: String], profile: String? = nil) throws -> CredentialChain {
        let environment = environment.merging(["AWS_EC2_METADATA_DISABLED": "true"]) { given, _ in given }
        return CredentialChain(
            Surroundings(environment: environment, home: folder.path), profile: profile, client: try HTTPClient(HTTPClient.Settings()))
    }

    func failure(_ environment: [String: String], profile: String? = nil) throws -> String {
        do {
            let found = try chain(environment, profile: profile).credentials()
            return "found \(found)"
        } catch {
            return "\(error)"
        }
    }

    @Test func theEnvironmentComesFirst() throws {
        try folder.write("[default]\naws_access_key_id = FILE\naws_secret_access_key = s", to: ".aws/credentials")
        let environment = ["AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t"]
        let found = try chain(environment).credentials()
        #expect(found.accessKey == "ENV")
        #expect(found.sessionToken == "t")
        #expect(try chain(environment, profile: "default").credentials().accessKey == "FILE")
        #expect(try chain(["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "s"]).credentials().accessKey == "FILE")
    }

    @Test func profilesOfBothFiles() throws {
        try folder.write("[night]\naws_access_key_id = NIGHT\naws_secret_access_key = s", to: "elsewhere")
        try folder.write("[profile night]\nregion = eu-west-3\naws_access_key_id = OLD\n", to: "config")
        let environment = [
            "AWS_PROFILE": "night", "AWS_SHARED_CREDENTIALS_FILE": folder.file("elsewhere"), "AWS_CONFIG_FILE": folder.file("config"),
        ]
        #expect(try chain(environment).credentials().accessKey == "NIGHT")
    }

    @Test func aProfileThatIsNotThereIsSaidSo() throws {
        let text = try failure(["AWS_PROFILE": "nihgt"])
        #expect(text.contains("'nihgt'") && text.contains(folder.file(".aws/credentials")))
    }

    @Test func whatIsNotSupportedIsSaidAndNobodyElsesKeysAreUsed() throws {
        let lines = ["[default]", "role_arn = arn:x", "source_profile = base", "aws_access_key_id = K", "aws_secret_access_key = geheim"]
        try folder.write(lines.joined(separator: "\n"), to: ".aws/config")
        let text = try failure([:])
        #expect(text.contains("role_arn") && text.contains("not supported"))
        #expect(!text.contains("geheim"))
    }

    @Test func noneAtAllSaysWhereWasLooked() throws {
        let text = try failure([:])
        #expect(text.contains("AWS_ACCESS_KEY_ID") && text.contains("'default'"))
    }

    @Test func aWebIdentityTokenIsExchanged() throws {
        let server = try LoopbackServer { _ in
            .text(
                200,
                """
                <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult>
                <Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>tok</SessionToken>
                <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
                """)
        }
        let environment = [
            "AWS_WEB_IDENTITY_TOKEN_FILE": try folder.write("jwt+/=\n", to: "token"), "AWS_ROLE_ARN": "arn:aws:iam::1:role/r",
            "AWS_ENDPOINT_URL_STS": server.url,
        ]
        let found = try chain(environment).credentials()
        #expect(found.accessKey == "ASIA" && found.sessionToken == "tok" && found.expiration != nil)
        let form = try #require(server.requests.first)
        #expect(form.method == "POST" && form.target == "/")
        #expect(form.text.contains("WebIdentityToken=jwt%2B%2F%3D"))
        #expect(form.text.contains("RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr"))
    }

    @Test func aRefusedTokenTellsWhyWithoutTheToken() throws {
        let server = try LoopbackServer { _ in
            .text(
                400,
                "<ErrorResponse><Error><Code>InvalidIdentityToken</Code><Message>No provider</Message></Error></ErrorResponse>")
        }
        let token = try folder.write("geheim", to: "token")
        let text = try failure(["AWS_WEB_IDENTITY_TOKEN_FILE": token, "AWS_ROLE_ARN": "r", "AWS_ENDPOINT_URL_STS": server.url])
        #expect(text.contains("InvalidIdentityToken: No provider"))
        #expect(!text.contains("geheim"))
        #expect(server.requests.count == 1)
    }

    static func loan(_ key: String, expiring seconds: Double) -> LoopbackServer.Reply {
        let end = ISO8601DateFormatter().string(from: Date().addingTimeInterval(seconds))
        return .text(200, "{\"AccessKeyId\":\"\(key)\",\"SecretAccessKey\":\"s\",\"Token\":\"t\",\"Expiration\":\"\(end)\"}")
    }

    @Test func aContainersAgentIsAskedWithItsToken() throws {
        let server = try LoopbackServer { _ in Self.loan("CONTAINER", expiring: 3600) }
        let environment = [
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "\(server.url)/v1/credentials?id=1",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": try folder.write("bearer\n", to: "agent"),
        ]
        let chain = try chain(environment)
        #expect(try chain.credentials().accessKey == "CONTAINER")
        #expect(try chain.credentials().accessKey == "CONTAINER")
        #expect(server.requests.count == 1)
        #expect(server.requests.first?.headers["authorization"] == "bearer")
        #expect(server.requests.first?.target == "/v1/credentials?id=1")
    }

    @Test func anAgentElsewhereIsNotAskedInTheClear() throws {
        let text = try failure(["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://agent.example/x"])
        #expect(text.contains("agent.example") && text.contains("not safe"))
    }

    @Test func theMachinesMetadataVersionTwo() throws {
        let server = try LoopbackServer { request in
            switch (request.method, request.target) {
            case ("PUT", "/latest/api/token") where request.headers["x-aws-ec2-metadata-token-ttl-seconds"] != nil: return .text(200, "tok")
            case ("GET", "/latest/meta-data/iam/security-credentials/") where request.headers["x-aws-ec2-metadata-token"] == "tok":
                return .text(200, "my-role\n")
            case ("GET", "/latest/meta-data/iam/security-credentials/my-role"): return Self.loan("MACHINE", expiring: 3600)
            default: return .text(401, "")
            }
        }
        let environment = ["AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url]
        #expect(try chain(environment).credentials().accessKey == "MACHINE")
    }

    @Test func theyAreRenewedBeforeTheyExpireAndKeptWhileNobodyLends() throws {
        let asked = Mutex(0)
        let server = try LoopbackServer { _ in
            let number = asked.withLock { asked in
                asked += 1
                return asked
            }
            return number <= 2 ? Self.loan("LOAN\(number)", expiring: 900) : .text(404, "")
        }
        let chain = try chain(["AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url])
        #expect(try chain.credentials().accessKey == "LOAN1")
        #expect(try chain.credentials(now: Date().addingTimeInterval(500)).accessKey == "LOAN1")
        #expect(try chain.credentials(now: Date().addingTimeInterval(700)).accessKey == "LOAN2")
        // Nobody lends any more: the old ones are used to their end.
        #expect(try chain.credentials(now: Date().addingTimeInterval(800)).accessKey == "LOAN2")
        #expect(throws: PublishingError.self) { try chain.credentials(now: Date().addingTimeInterval(1000)) }
    }

    @Test func aTroubledAgentIsAskedAgain() throws {
        let asked = Mutex(0)
        let server = try LoopbackServer { _ in
            let number = asked.withLock { asked in
                asked += 1
                return asked
            }
            return number < 3 ? .text(503, "") : Self.loan("LATE", expiring: 3600)
        }
        #expect(try chain(["AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url]).credentials().accessKey == "LATE")
    }
}
