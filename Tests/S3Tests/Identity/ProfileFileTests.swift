import Testing

@testable import S3

@Suite struct ProfileFileTests {
    let text = """
        # a comment
        [default]
        aws_access_key_id = KEY
        aws_secret_access_key=a=b/c+d
        ; another
        [profile "night job"]
        region = x
        [profile night]
        region =   eu-west-1\t
        s3 =
          max_concurrent_requests = 20
        Output = json
        [sso-session night]
        sso_region = us-east-1
        """

    @Test func sectionsOfAConfigFile() {
        let file = ProfileFile(text, isConfig: true)
        #expect(file.profiles["default"] == ["aws_access_key_id": "KEY", "aws_secret_access_key": "a=b/c+d"])
        #expect(file.profiles["night"] == ["region": "eu-west-1", "s3": "", "output": "json"])
        #expect(file.profiles["night job"] == ["region": "x"])
        #expect(file.profiles.count == 3)
    }

    @Test func sectionsOfACredentialsFile() {
        let file = ProfileFile("[night]\naws_access_key_id = K\r\n\r\n[profile day]\nx = y\n", isConfig: false)
        #expect(file.profiles == ["night": ["aws_access_key_id": "K"], "profile day": ["x": "y"]])
        let blank = ProfileFile("[night job]\naws_access_key_id = K\n[\"x\"]\n", isConfig: false)
        #expect(blank.profiles == ["night job": ["aws_access_key_id": "K"], "x": [:]])
    }

    @Test func indentedLinesAreSettingsUnlessTheyAreDeeperThanOne() {
        let text = """
              [default]
                  # a comment
                aws_access_key_id = KEY

                aws_secret_access_key = s # no comment
            [profile b]
              credential_process = cat
                  "a file"
              s3 =
                region = nested
              region: eu-west-1
            """
        let file = ProfileFile(text, isConfig: true)
        #expect(file.profiles["default"] == ["aws_access_key_id": "KEY", "aws_secret_access_key": "s # no comment"])
        #expect(file.profiles["b"] == ["credential_process": "cat\n\"a file\"", "s3": "", "region": "eu-west-1"])
    }

    @Test func linesThatEndInAnyWayBehindAMarkOfByteOrder() {
        let file = ProfileFile("\u{FEFF}[default]\r\na = 1\r[profile x]\r\n\r\nb : c = d\n", isConfig: true)
        #expect(file.profiles == ["default": ["a": "1"], "x": ["b": "c = d"]])
    }

    @Test func aSectionThatComesTwiceIsPutTogetherAndAnEmptyOneIsThere() {
        let text = "[profile a]\nx = 1\ny = 1\n[profile empty]\n[profile 'a']\ny = 2\n[broken\nx = 3\n[default]"
        #expect(ProfileFile(text, isConfig: true).profiles == ["a": ["x": "1", "y": "2"], "empty": [:], "default": [:]])
    }

    @Test func whatServicesSay() {
        let text = "[services minio]\ns3 =\n  endpoint_url = http://127.0.0.1:9000\nsts =\n  endpoint_url = http://sts\n[profile s]\n"
        let file = ProfileFile(text, isConfig: true)
        #expect(file.services == ["minio": ["s3.endpoint_url": "http://127.0.0.1:9000", "sts.endpoint_url": "http://sts"]])
        #expect(file.profiles == ["s": [:]])
    }

    @Test func linesBeforeAnySectionAndNonsenseCountNothing() {
        #expect(ProfileFile("a = b\n[\n[]\n= x\nnonsense", isConfig: true).profiles.isEmpty)
    }
}
