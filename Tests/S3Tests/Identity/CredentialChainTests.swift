import Curl
import Foundation
import MediaModel
import Synchronization
import TestSupport
import Testing

@testable import S3

@Suite struct CredentialChainTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func chain(
        _ environment: [String: String], profile: String? = nil, web: HTTPClient? = nil, near: HTTPClient? = nil
    ) throws -> CredentialChain {
        let environment = environment.merging(["AWS_EC2_METADATA_DISABLED": "true"]) { given, _ in given }
        // A test's server lends on a machine that may be busy with all other tests.
        let patience = LenderPatience(knocking: Patience(), nearby: Patience())
        return CredentialChain(
            Surroundings(environment: environment, home: folder.path), profile: profile, web: try web ?? HTTPClient(),
            near: try near ?? HTTPClient(), patience: patience)
    }

    /// A client that sends nothing.
    func none() throws -> HTTPClient {
        let client = try HTTPClient()
        client.stop()
        return client
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

    @Test func whatNeedsAPersonIsSaidAndNobodyElsesKeysAreUsed() throws {
        let text = "[default]\nsso_session = corp\n[profile b]\nrole_arn = r\nmfa_serial = m\nsource_profile = default"
        try folder.write(text, to: ".aws/config")
        #expect(try failure([:]).contains("sso_session"))
        #expect(try failure([:], profile: "b").contains("mfa_serial"))
    }

    @Test func aRoleIsTakenOnWithAnotherProfilesKeys() throws {
        let server = try LoopbackServer { _ in
            .text(
                200,
                """
                <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
                <AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>tok</SessionToken>
                <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>
                """)
        }
        try folder.write("[base]\naws_access_key_id = BASE\naws_secret_access_key = geheim", to: ".aws/credentials")
        let lines = ["[profile film]", "role_arn = arn:x", "source_profile = base", "external_id = 7", "region = eu-west-3"]
        try folder.write(lines.joined(separator: "\n"), to: ".aws/config")
        let environment = ["AWS_ENDPOINT_URL_STS": server.url, "AWS_PROFILE": "film"]
        // The token service is as far away as the bucket: through the same proxy, with the same certificates.
        let found = try chain(environment, near: none()).credentials()
        #expect(found.accessKey == "ASIA" && found.sessionToken == "tok" && found.expiration != nil)
        let form = try #require(server.requests.first)
        #expect(form.text.contains("Action=AssumeRole&") && form.text.contains("RoleArn=arn%3Ax") && form.text.contains("ExternalId=7"))
        let signature = try #require(form.headers["authorization"])
        #expect(signature.contains("Credential=BASE/") && signature.contains("/eu-west-3/sts/aws4_request"))
        #expect(signature.contains("SignedHeaders=content-type;host;x-amz-date"))
        #expect(!form.text.contains("geheim"))
    }

    @Test func profilesThatWaitForEachOtherAreFound() throws {
        let lines = ["[profile a]", "role_arn = r", "source_profile = b", "[profile b]", "role_arn = r", "source_profile = a"]
        try folder.write(lines.joined(separator: "\n"), to: ".aws/config")
        #expect(try failure([:], profile: "a").contains("wait for each other"))
        try folder.write("[profile a]\nrole_arn = r\nsource_profile = gone", to: ".aws/config")
        #expect(try failure([:], profile: "a").contains("'gone'"))
        try folder.write("[profile a]\nrole_arn = r", to: ".aws/config")
        #expect(try failure([:], profile: "a").contains("source_profile"))
    }

    @Test func aProgramMayPrintThem() throws {
        let json = #"{"Version": 1, "AccessKeyId": "PRINTED", "SecretAccessKey": "s", "Expiration": "2099-01-01T00:00:00Z"}"#
        let file = try folder.write(json, to: "with blank.json")
        try folder.write("[default]\ncredential_process = cat \"\(file)\"", to: ".aws/config")
        #expect(try chain([:]).credentials().accessKey == "PRINTED")
        try folder.write("[default]\ncredential_process = sh -c 'echo geheim; exit 3'", to: ".aws/config")
        let text = try failure([:])
        #expect(text.contains("status 3") && !text.contains("geheim"))
        try folder.write("[default]\ncredential_process = echo geheim", to: ".aws/config")
        #expect(try failure([:]).contains("no credentials") && !(try failure([:]).contains("geheim")))
    }

    @Test func aRoleIsTakenOnWithAClockThatIsWrong() throws {
        let server = try LoopbackServer { request in
            guard request.headers["x-amz-date"]?.hasPrefix("2099") == true else {
                let body = "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code></Error></ErrorResponse>"
                return .text(403, body, headers: ["Date": "Thu, 01 Jan 2099 00:00:00 GMT"])
            }
            let keys = "<AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
            let result = "<AssumeRoleResult><Credentials>\(keys)</Credentials></AssumeRoleResult>"
            return .text(200, "<AssumeRoleResponse>\(result)</AssumeRoleResponse>")
        }
        let lines = ["[default]", "aws_access_key_id = BASE", "aws_secret_access_key = s", "role_arn = arn:x", "source_profile = default"]
        try folder.write(lines.joined(separator: "\n"), to: ".aws/config")
        #expect(try chain(["AWS_ENDPOINT_URL_STS": server.url]).credentials().accessKey == "ASIA")
    }

    @Test func chinasTokenServiceHasItsOwnHost() throws {
        let lines = ["[default]", "aws_access_key_id = BASE", "aws_secret_access_key = s", "role_arn = arn:x", "source_profile = default"]
        try folder.write((lines + ["region = cn-north-1"]).joined(separator: "\n"), to: ".aws/config")
        do {
            _ = try chain([:], web: none()).credentials()
            Issue.record("nobody was asked")
        } catch {
            #expect("\(error)".contains("sts.cn-north-1.amazonaws.com.cn"))
        }
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
        let chain = try chain(environment, web: none())
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
            case ("GET", "/latest/meta-data/iam/security-credentials/my-role") where request.headers["x-aws-ec2-metadata-token"] == "tok":
                return Self.loan("MACHINE", expiring: 3600)
            default: return .text(401, "")
            }
        }
        let environment = ["AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url]
        #expect(try chain(environment).credentials().accessKey == "MACHINE")
    }

    @Test(arguments: [LoopbackServer.Reply.text(503, ""), .hangUp]) func metadataThatFailsForAMomentIsAskedAgain(
        _ trouble: LoopbackServer.Reply
    ) throws {
        let asked = Mutex(0)
        let server = try LoopbackServer { request in
            let number = asked.withLock { asked in
                asked += 1
                return asked
            }
            if number < 3 { return trouble }
            if request.method == "PUT" { return .text(200, "tok") }
            return request.target.hasSuffix("/") ? .text(200, "my-role\n") : Self.loan("MACHINE", expiring: 3600)
        }
        let environment = ["AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url]
        #expect(try chain(environment).credentials().accessKey == "MACHINE")
    }

    @Test func metadataThatStaysInTroubleIsSaidSo() throws {
        let server = try LoopbackServer { _ in .text(503, "") }
        let text = try failure(["AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url])
        #expect(text.contains("/latest/api/token: status 503"))
    }

    @Test func nobodyIsWaitedForWhereThereIsNoMetadata() throws {
        let server = try LoopbackServer { _ in .text(404, "") }
        let environment = ["AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url]
        #expect(try failure(environment).contains("none is lent to this machine"))
        #expect(server.requests.count == 1)
        server.close()
        #expect(try failure(environment).contains("none is lent to this machine"))
    }

    /// A packet may be lost; a machine that is not at Amazon shall not wait long.
    @Test func whoSaysNothingIsAskedThreeTimesAndQuickly() throws {
        let server = try LoopbackServer { _ in .hangUp }
        let environment = ["AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url]
        #expect(try failure(environment).contains("none is lent to this machine"))
        #expect(server.requests.count == 3)
        let usual = LenderPatience().knocking
        #expect(usual.connecting <= 300 && usual.whole <= 1000)
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
        #expect(throws: TransferError.self) { try chain.credentials(now: Date().addingTimeInterval(1000)) }
    }

    @Test func whatIsStillGoodIsReplacedWithoutHaste() throws {
        let asked = Mutex(0)
        let server = try LoopbackServer { _ in
            let number = asked.withLock { asked in
                asked += 1
                return asked
            }
            return number == 3 ? .text(404, "") : Self.loan("LOAN\(number)", expiring: 200)
        }
        let chain = try chain(["AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url])
        let start = Date()
        let keys = try [0, 1, 29, 31, 60, 62, 63, 91, 93].map { seconds in
            try chain.credentials(now: start.addingTimeInterval(seconds)).accessKey
        }
        // The third try fails, which is no error while what is held is good.
        #expect(keys == ["LOAN1", "LOAN1", "LOAN1", "LOAN2", "LOAN2", "LOAN2", "LOAN2", "LOAN2", "LOAN4"])
        #expect(asked.withLock { $0 } == 4)
    }

    @Test func whatIsRefusedAgainAndAgainIsLookedForOnce() throws {
        let loan = Self.loan("SAME", expiring: 3600)
        let server = try LoopbackServer { _ in loan }
        let chain = try chain(["AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url])
        let start = Date()
        for seconds in [0, 1, 2, 29.0] {
            let now = start.addingTimeInterval(seconds)
            chain.forget(try chain.credentials(now: now), now: now)
        }
        #expect(server.requests.count == 2)
        chain.forget(try chain.credentials(now: start.addingTimeInterval(40)), now: start.addingTimeInterval(40))
        _ = try chain.credentials(now: start.addingTimeInterval(40))
        #expect(server.requests.count == 3)
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
