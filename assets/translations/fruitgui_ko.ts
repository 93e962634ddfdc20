<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko">
<context>
    <name>CameraBar</name>
    <message>
        <source>Stop</source>
        <translation>중지</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>시작</translation>
    </message>
    <message>
        <source>Choose a video</source>
        <translation>동영상 고르기</translation>
    </message>
    <message>
        <source>Videos ({patterns})</source>
        <translation>동영상 ({patterns})</translation>
    </message>
    <message>
        <source>Network camera</source>
        <translation>네트워크 카메라</translation>
    </message>
    <message>
        <source>Address of an MJPEG or RTSP stream:</source>
        <translation>MJPEG 또는 RTSP 스트림 주소:</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>카메라</translation>
    </message>
    <message>
        <source>Video file…</source>
        <translation>동영상 파일…</translation>
    </message>
    <message>
        <source>Address…</source>
        <translation>주소…</translation>
    </message>
    <message>
        <source>Resolution, rotation and what is shown</source>
        <translation>해상도, 회전, 표시할 내용</translation>
    </message>
    <message>
        <source>Camera or video</source>
        <translation>카메라 또는 동영상</translation>
    </message>
    <message>
        <source>No camera found</source>
        <translation>카메라가 없습니다</translation>
    </message>
    <message>
        <source>Resolution of cameras</source>
        <translation>카메라 해상도</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>카메라 기본값</translation>
    </message>
    <message>
        <source>Rotate the picture</source>
        <translation>화면 회전</translation>
    </message>
    <message>
        <source>Not rotated</source>
        <translation>회전 안 함</translation>
    </message>
    <message>
        <source>Mirror the picture</source>
        <translation>좌우 반전</translation>
    </message>
    <message>
        <source>Show the area that the model sees</source>
        <translation>모델이 보는 부분 표시</translation>
    </message>
    <message>
        <source>Show performance figures</source>
        <translation>속도 표시</translation>
    </message>
</context>
<context>
    <name>CameraPage</name>
    <message>
        <source>Hold something up to the camera</source>
        <translation>카메라에 물건을 비춰 보세요</translation>
    </message>
    <message>
        <source>Snapshot</source>
        <translation>사진 찍기</translation>
    </message>
    <message>
        <source>Keep this picture, and add it to Classify (Ctrl+Return)</source>
        <translation>지금 화면을 저장하고 분류에 추가합니다 (Ctrl+Enter)</translation>
    </message>
    <message>
        <source>This app has no permission to use the camera. Allow it in the system settings under Privacy &amp; Security, Camera, and start again.</source>
        <translation>이 앱에 카메라 사용 권한이 없습니다. 시스템 설정의 개인정보 보호 및 보안 → 카메라에서 허용한 뒤 다시 시작하세요.</translation>
    </message>
    <message>
        <source>Opening “{name}”…</source>
        <translation>“{name}” 여는 중…</translation>
    </message>
    <message>
        <source>{rate} frames/s</source>
        <translation>초당 {rate}프레임</translation>
    </message>
    <message>
        <source>{rate} inferences/s</source>
        <translation>초당 추론 {rate}회</translation>
    </message>
    <message>
        <source>“{name}” was added to Classify.</source>
        <translation>“{name}” 사진을 분류에 추가했습니다.</translation>
    </message>
    <message>
        <source>Show it</source>
        <translation>보기</translation>
    </message>
    <message>
        <source>Clear empty scene</source>
        <translation>빈 배경 해제</translation>
    </message>
    <message>
        <source>No camera was found. Connect one, or choose a video file or an address.</source>
        <translation>카메라를 찾지 못했습니다. 카메라를 연결하거나 동영상 파일 또는 주소를 고르세요.</translation>
    </message>
    <message>
        <source>Choose a camera and press Start, or open a video or a network camera.</source>
        <translation>카메라를 고르고 시작을 누르거나, 동영상이나 네트워크 카메라를 여세요.</translation>
    </message>
    <message>
        <source>Press this while nothing is in view: “Nothing there” is then shown until something appears. Press it again to clear the empty scene.</source>
        <translation>화면에 아무것도 없을 때 누르세요. 물건이 나타날 때까지 “아무것도 없음”으로 표시합니다. 다시 누르면 해제됩니다.</translation>
    </message>
    <message>
        <source>delay {middle} ms (95%: {late})</source>
        <translation>지연 {middle} ms (95%: {late})</translation>
    </message>
    <message>
        <source>The video has ended.</source>
        <translation>동영상이 끝났습니다.</translation>
    </message>
    <message>
        <source>Set as empty scene</source>
        <translation>빈 배경으로 설정</translation>
    </message>
</context>
<context>
    <name>ChoiceTexts</name>
    <message>
        <source>Yes</source>
        <translation>예</translation>
    </message>
    <message>
        <source>No</source>
        <translation>아니요</translation>
    </message>
    <message>
        <source>None</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>자동</translation>
    </message>
</context>
<context>
    <name>ChoicesPanel</name>
    <message>
        <source>2  Training settings</source>
        <translation>2  학습 설정</translation>
    </message>
    <message>
        <source>Check the photos</source>
        <translation>사진 살펴보기</translation>
    </message>
    <message>
        <source>Finds duplicates, wrong labels and poor photos</source>
        <translation>중복, 틀린 라벨, 품질이 낮은 사진을 찾습니다. 학습 중에도 쓸 수 있습니다</translation>
    </message>
</context>
<context>
    <name>ClassCounts</name>
    <message>
        <source>Class</source>
        <translation>클래스</translation>
    </message>
</context>
<context>
    <name>ClassField</name>
    <message>
        <source>New class “{name}”</source>
        <translation>새 클래스 “{name}”</translation>
    </message>
</context>
<context>
    <name>ClassRecorder</name>
    <message>
        <source>Recording…</source>
        <translation>녹화 중…</translation>
    </message>
    <message>
        <source>Hold to record</source>
        <translation>누르고 있으면 녹화</translation>
    </message>
    <message numerus="yes">
        <source>%n recording(s)</source>
        <translation>
            <numerusform>녹화 %n번</numerusform>
        </translation>
    </message>
    <message>
        <source>No recording yet</source>
        <translation>아직 녹화 없음</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>사진 %n장</numerusform>
        </translation>
    </message>
    <message>
        <source>Remove this class, which has no photos</source>
        <translation>사진이 없는 이 클래스 지우기</translation>
    </message>
    <message numerus="yes">
        <source>%n left out: nothing new</source>
        <comment>frames</comment>
        <translation>
            <numerusform>비슷해서 제외 %n장</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n left out: blurred</source>
        <comment>frames</comment>
        <translation>
            <numerusform>흐려서 제외 %n장</numerusform>
        </translation>
    </message>
    <message>
        <source>Hold to record “{name}”</source>
        <translation>누르고 있으면 “{name}” 녹화</translation>
    </message>
    <message>
        <source>Hold the button, or the space bar, and slowly turn the object in front of the camera.</source>
        <translation>버튼이나 스페이스 바를 누른 채로 카메라 앞에서 물건을 천천히 돌리세요.</translation>
    </message>
    <message>
        <source>Delete the last recording</source>
        <translation>마지막 녹화 삭제</translation>
    </message>
</context>
<context>
    <name>ClassReportTable</name>
    <message>
        <source>Class</source>
        <translation>클래스</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>정밀도</translation>
    </message>
    <message>
        <source>Of the answers with this class, how many are right</source>
        <translation>이 클래스라고 한 답 가운데 맞은 비율</translation>
    </message>
    <message>
        <source>Recall</source>
        <translation>재현율</translation>
    </message>
    <message>
        <source>Of the photos of this class, how many are found</source>
        <translation>이 클래스의 사진 가운데 맞힌 비율</translation>
    </message>
    <message>
        <source>F1</source>
        <translation>F1</translation>
    </message>
    <message>
        <source>The harmonic mean of precision and recall</source>
        <translation>정밀도와 재현율의 조화 평균</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>사진</translation>
    </message>
    <message>
        <source>How many photos are of this class</source>
        <translation>이 클래스의 사진 수</translation>
    </message>
    <message>
        <source>Confused with</source>
        <translation>혼동한 클래스</translation>
    </message>
    <message>
        <source>The wrong answers most often given for its photos</source>
        <translation>이 클래스의 사진에 자주 나온 틀린 답</translation>
    </message>
</context>
<context>
    <name>ClassifyBar</name>
    <message>
        <source>Classify</source>
        <translation>분류</translation>
    </message>
    <message>
        <source>Add photos…</source>
        <translation>사진 추가…</translation>
    </message>
    <message>
        <source>Add folder…</source>
        <translation>폴더 추가…</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>내보내기</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>중지</translation>
    </message>
    <message>
        <source>Paste a picture, files or paths (Ctrl+V)</source>
        <translation>그림, 파일, 경로 붙여넣기 (Ctrl+V)</translation>
    </message>
    <message>
        <source>Undo (Ctrl+Z)</source>
        <translation>실행 취소 (Ctrl+Z)</translation>
    </message>
    <message>
        <source>Clear the list; the files stay</source>
        <translation>목록 비우기 (파일은 그대로 둡니다)</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>붙여넣기</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>실행 취소</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>비우기</translation>
    </message>
</context>
<context>
    <name>ClassifyPage</name>
    <message>
        <source>What is in your photos?</source>
        <translation>사진 속에 무엇이 있나요?</translation>
    </message>
    <message>
        <source>Choose photos…</source>
        <translation>사진 고르기…</translation>
    </message>
    <message>
        <source>Try the samples</source>
        <translation>예제로 해 보기</translation>
    </message>
    <message>
        <source>No pictures were found there.</source>
        <translation>그 안에는 사진이 없습니다.</translation>
    </message>
    <message>
        <source>Fruit and vegetables, recognised on this computer</source>
        <translation>과일과 채소를 이 컴퓨터에서 바로 알아봅니다</translation>
    </message>
    <message>
        <source>{done} of {count} photos</source>
        <translation>사진 {count}장 중 {done}장</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>사진 %n장</numerusform>
        </translation>
    </message>
    <message>
        <source>Drop photos, folders or zips anywhere here, choose them, or paste a picture. Nothing leaves this computer.</source>
        <translation>사진, 폴더, zip 파일을 여기에 끌어다 놓거나, 고르거나, 그림을 붙여넣으세요. 사진은 이 컴퓨터 밖으로 나가지 않습니다.</translation>
    </message>
    <message>
        <source>Drop to classify</source>
        <translation>놓으면 분류합니다</translation>
    </message>
    <message>
        <source>Already in the list.</source>
        <translation>이미 목록에 있습니다.</translation>
    </message>
    <message numerus="yes">
        <source>%n label(s) could not be saved.</source>
        <translation>
            <numerusform>라벨 %n개를 저장하지 못했습니다.</numerusform>
        </translation>
    </message>
    <message>
        <source>The photos cannot be read any more.</source>
        <translation>사진을 더 이상 읽을 수 없습니다.</translation>
    </message>
    <message numerus="yes">
        <source>%n label(s) could not be undone.</source>
        <translation>
            <numerusform>라벨 %n개를 되돌리지 못했습니다.</numerusform>
        </translation>
    </message>
    <message>
        <source>Your earlier labels for these photos could not be read.</source>
        <translation>이 사진들에 전에 붙인 라벨을 읽지 못했습니다.</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) removed from the list. Press Ctrl+Z to undo.</source>
        <translation>
            <numerusform>사진 %n장을 목록에서 뺐습니다. Ctrl+Z로 실행 취소할 수 있습니다.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) copied, as a table and as files</source>
        <translation>
            <numerusform>사진 %n장을 표와 파일로 복사했습니다</numerusform>
        </translation>
    </message>
    <message>
        <source>Undone: {what}</source>
        <translation>실행 취소: {what}</translation>
    </message>
    <message>
        <source>Redone: {what}</source>
        <translation>다시 실행: {what}</translation>
    </message>
    <message numerus="yes">
        <source>%n could not be read</source>
        <translation>
            <numerusform>%n개를 읽지 못함</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n duplicate(s)</source>
        <translation>
            <numerusform>중복 %n개</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n second(s) left</source>
        <translation>
            <numerusform>%n초 남음</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s) left</source>
        <translation>
            <numerusform>%n분 남음</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Closing</name>
    <message>
        <source>If you stop, what has been done so far is kept.</source>
        <translation>중지해도 지금까지 한 것은 남습니다.</translation>
    </message>
    <message>
        <source>Some work is not finished.</source>
        <translation>아직 끝나지 않은 작업이 있습니다.</translation>
    </message>
    <message>
        <source>Finish, then close</source>
        <translation>끝낸 뒤 닫기</translation>
    </message>
    <message>
        <source>Stop and close</source>
        <translation>중지하고 닫기</translation>
    </message>
    <message>
        <source>Stay open</source>
        <translation>닫지 않기</translation>
    </message>
</context>
<context>
    <name>ColumnButton</name>
    <message>
        <source>Columns</source>
        <translation>열</translation>
    </message>
</context>
<context>
    <name>ComparisonList</name>
    <message>
        <source>Comparisons</source>
        <translation>비교 목록</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>계속</translation>
    </message>
    <message>
        <source>Train the runs that are missing</source>
        <translation>아직 하지 않은 학습을 마저 합니다</translation>
    </message>
    <message>
        <source>Report…</source>
        <translation>보고서…</translation>
    </message>
    <message>
        <source>Remove from this list; its runs are kept</source>
        <translation>이 목록에서 뺍니다. 학습 기록은 그대로 둡니다</translation>
    </message>
    <message>
        <source>Remove the comparison from the list</source>
        <translation>비교를 목록에서 빼기</translation>
    </message>
</context>
<context>
    <name>ComparisonProgress</name>
    <message>
        <source>Starting…</source>
        <translation>시작하는 중…</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>중지하는 중…</translation>
    </message>
    <message>
        <source>Run {number} of {count}: {name}</source>
        <translation>학습 {number}/{count}: {name}</translation>
    </message>
    <message>
        <source>Epoch {epoch} of {epochs}, {time} left in this run</source>
        <translation>에포크 {epoch}/{epochs}, 이 학습의 남은 시간 {time}</translation>
    </message>
    <message>
        <source>about {time} for all</source>
        <translation>전체 약 {time}</translation>
    </message>
    <message>
        <source>How far the comparison is</source>
        <translation>비교 진행 상황</translation>
    </message>
</context>
<context>
    <name>ComparisonResults</name>
    <message>
        <source>training…</source>
        <translation>학습 중…</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>실패</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>대기 중</translation>
    </message>
    <message>
        <source>not trained yet</source>
        <translation>아직 학습 안 함</translation>
    </message>
    <message>
        <source>{done} of {count}</source>
        <translation>{done}/{count}건</translation>
    </message>
    <message>
        <source>★ best</source>
        <translation>★ 최고</translation>
    </message>
    <message>
        <source>best</source>
        <translation>최고</translation>
    </message>
    <message>
        <source>★ ≈ best</source>
        <translation>★ ≈ 최고</translation>
    </message>
    <message>
        <source>≈ best</source>
        <translation>≈ 최고</translation>
    </message>
    <message>
        <source>★ recommended</source>
        <translation>★ 추천</translation>
    </message>
    <message>
        <source>above best</source>
        <translation>최고보다 높음</translation>
    </message>
    <message>
        <source>worse</source>
        <translation>낮음</translation>
    </message>
    <message>
        <source>unclear</source>
        <translation>불분명</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>평가 안 함</translation>
    </message>
    <message>
        <source>Comparison</source>
        <translation>비교</translation>
    </message>
    <message>
        <source>Use this model</source>
        <translation>이 모델 사용</translation>
    </message>
    <message>
        <source>Show its runs</source>
        <translation>학습 기록 보기</translation>
    </message>
    <message>
        <source>Copy the table</source>
        <translation>표 복사</translation>
    </message>
</context>
<context>
    <name>ComparisonTable</name>
    <message>
        <source>Held-out
accuracy</source>
        <translation>평가
정확도</translation>
    </message>
    <message>
        <source>The share of validation photos recognised correctly. There are no test photos, and the model was chosen by these, so it looks better than it is. After ±, the standard deviation over seeds.</source>
        <translation>검증 사진을 맞힌 비율입니다. 테스트 사진이 없어 모델을 고를 때 쓴 사진으로 평가했으므로 실제보다 높을 수 있습니다. ± 뒤는 시드별 값의 표준편차입니다.</translation>
    </message>
    <message>
        <source>Test
accuracy</source>
        <translation>테스트
정확도</translation>
    </message>
    <message>
        <source>The share of test photos recognised correctly. The model has never seen them, so expect about this of new photos. After ±, the standard deviation over seeds.</source>
        <translation>모델이 한 번도 보지 않은 테스트 사진을 맞힌 비율입니다. 새 사진에서도 이만큼 기대할 수 있습니다. ± 뒤는 시드별 값의 표준편차입니다.</translation>
    </message>
    <message>
        <source>Network and
starting weights</source>
        <translation>네트워크와
시작 가중치</translation>
    </message>
    <message>
        <source>What is
trained</source>
        <translation>학습한
부분</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>판정</translation>
    </message>
    <message>
        <source>95%
interval</source>
        <translation>95%
신뢰구간</translation>
    </message>
    <message>
        <source>p</source>
        <translation>p값</translation>
    </message>
    <message>
        <source>Validation
accuracy</source>
        <translation>검증
정확도</translation>
    </message>
    <message>
        <source>Macro
F1</source>
        <translation>매크로
F1</translation>
    </message>
    <message>
        <source>Gap,
% points</source>
        <translation>격차
(%p)</translation>
    </message>
    <message>
        <source>Calibration
error</source>
        <translation>보정 오차
(ECE)</translation>
    </message>
    <message>
        <source>ms a
photo</source>
        <translation>사진당
ms</translation>
    </message>
    <message>
        <source>File
size</source>
        <translation>파일
크기</translation>
    </message>
    <message>
        <source>Seconds
an epoch</source>
        <translation>에포크당
초</translation>
    </message>
    <message>
        <source>Trained
parameters</source>
        <translation>학습한
파라미터</translation>
    </message>
    <message>
        <source>The network, and what its weights were before the training.</source>
        <translation>네트워크와 학습하기 전의 가중치입니다.</translation>
    </message>
    <message>
        <source>How much of the network was trained on your photos.</source>
        <translation>네트워크의 어느 부분을 사진으로 학습했는지입니다.</translation>
    </message>
    <message>
        <source>“best” has the highest validation accuracy. “≈ best” may differ from it only by chance; “worse” is lower by more than chance. The star marks the recommended model.</source>
        <translation>검증 정확도가 가장 높은 것이 “최고”입니다. “≈ 최고”는 최고와의 차이가 우연일 수 있는 것, “낮음”은 우연이라 보기 어려운 차이로 낮은 것입니다. 별표는 추천 모델입니다.</translation>
    </message>
    <message>
        <source>Where the accuracy on all photos of this kind lies, at 95% certainty (Wilson&apos;s interval): the more photos were held out, the narrower.</source>
        <translation>이런 사진 전체에서의 정확도가 95% 신뢰도로 들어가는 범위입니다(Wilson 구간). 평가한 사진이 많을수록 좁아집니다.</translation>
    </message>
    <message>
        <source>How likely a model as good as the best would differ from it so much by mere chance: McNemar&apos;s exact test on the same photos, corrected for the number of rows (Holm). Below 0.05 the difference counts as real.</source>
        <translation>최고와 똑같이 좋은 모델에서 이만한 차이가 우연히 날 확률입니다. 같은 사진에서 McNemar 정확 검정을 하고 행의 수에 맞춰 보정했습니다(Holm). 0.05보다 작으면 실제 차이로 봅니다.</translation>
    </message>
    <message>
        <source>The share of validation photos recognised correctly at the best epoch. After ±, the standard deviation over seeds.</source>
        <translation>최고 에포크에서 검증 사진을 맞힌 비율입니다. ± 뒤는 시드별 값의 표준편차입니다.</translation>
    </message>
    <message>
        <source>The mean over classes of F1, which joins how many of a class are found with how many so named are right: small classes count as much as large ones.</source>
        <translation>클래스별 F1의 평균입니다. F1은 그 클래스의 사진을 얼마나 맞혔는지(재현율)와 그 클래스라는 답이 얼마나 맞았는지(정밀도)를 합친 값입니다. 사진이 적은 클래스도 많은 클래스와 똑같이 셉니다.</translation>
    </message>
    <message>
        <source>Training accuracy minus validation accuracy, in percentage points. A large gap means that the model has memorised its training photos (overfitting).</source>
        <translation>학습 정확도에서 검증 정확도를 뺀 값(%p)입니다. 격차가 크면 모델이 학습 사진을 외운 것입니다(과적합).</translation>
    </message>
    <message>
        <source>How far the stated confidence and the share of right answers lie apart (expected calibration error): 0 means that “80% sure” is right in 80 of 100 cases.</source>
        <translation>확신도와 실제 정확도의 차이입니다(기대 보정 오차, ECE). 0이면 “확신도 80%”인 답이 100번 가운데 80번 맞습니다.</translation>
    </message>
    <message>
        <source>Milliseconds from a photo&apos;s file to its answer on this computer, one at a time: the median.</source>
        <translation>이 컴퓨터에서 사진을 한 장씩 읽어 답할 때까지 걸리는 시간(밀리초)의 중앙값입니다.</translation>
    </message>
    <message>
        <source>How large the model&apos;s file is.</source>
        <translation>모델 파일의 크기입니다.</translation>
    </message>
    <message>
        <source>How long going once through all training photos took.</source>
        <translation>모든 학습 사진을 한 번 보는 데 걸린 시간입니다.</translation>
    </message>
    <message>
        <source>How many numbers in the network the training could change.</source>
        <translation>네트워크에서 학습으로 바꿀 수 있었던 수의 개수입니다.</translation>
    </message>
</context>
<context>
    <name>ComparisonTexts</name>
    <message>
        <source>starter</source>
        <translation>기본 모델</translation>
    </message>
    <message>
        <source>random</source>
        <translation>무작위</translation>
    </message>
    <message>
        <source>{name} · seed {seed}</source>
        <translation>{name} · 시드 {seed}</translation>
    </message>
    <message>
        <source>{name} · {date} · {done} of {total} runs</source>
        <translation>{name} · {date} · 학습 {done}/{total}건</translation>
    </message>
    <message>
        <source>{name}: {accuracy}. There is no other model to compare with yet.</source>
        <translation>{name}: {accuracy}. 아직 비교할 다른 모델이 없습니다.</translation>
    </message>
    <message>
        <source>Recommended: {name}. {accuracy}: better than every other by more than chance.</source>
        <translation>추천: {name}. {accuracy}이며, 다른 모델보다 우연이라고 보기 어려울 만큼 높습니다.</translation>
    </message>
    <message>
        <source>Recommended: {name}. {accuracy}. It may be as good as {best} ({best_accuracy}), the best on the validation photos, and it is smaller, faster or quicker to train.</source>
        <translation>추천: {name}. {accuracy}입니다. 검증 사진에서 가장 좋은 {best}({best_accuracy})와의 차이는 우연일 수 있고, 더 작거나 빠릅니다.</translation>
    </message>
    <message>
        <source>Recommended: {name}. {accuracy}. No other was better on the validation photos. Some others may be as good, but none that is smaller, faster or quicker to train is known to be about as accurate.</source>
        <translation>추천: {name}. {accuracy}입니다. 검증 사진에서 이보다 좋은 모델은 없었습니다. 비슷하게 좋은 모델이 더 있을 수 있지만, 더 작거나 빠르면서 비슷하게 정확하다고 확인된 것은 없습니다.</translation>
    </message>
    <message>
        <source>Recommended with caution: {name}. {accuracy}, by more than chance better than {best} ({best_accuracy}), which was at least as good on the validation photos. The weights that {best} started from may have been trained on those photos, or the splits are unlike each other.</source>
        <translation>추천(주의): {name}. {accuracy}로, 검증 사진에서는 뒤지지 않았던 {best}({best_accuracy})보다 우연 이상으로 높습니다. {best}의 시작 가중치가 검증 사진을 이미 학습했거나, 분할끼리 사진의 성격이 다를 수 있습니다.</translation>
    </message>
    <message>
        <source>{accuracy} of {count} test photos right</source>
        <translation>테스트 사진 {count}장에서 정확도 {accuracy}</translation>
    </message>
    <message>
        <source>Validation accuracy {accuracy} ({count} photos)</source>
        <translation>검증 정확도 {accuracy} (사진 {count}장)</translation>
    </message>
    <message>
        <source>There are no test photos: the models were chosen and tested on the same validation photos, so they look better than they are.</source>
        <translation>테스트 사진이 없어 같은 검증 사진으로 고르고 테스트했습니다. 실제보다 좋게 나올 수 있습니다.</translation>
    </message>
    <message numerus="yes">
        <source>Only %n photo(s) were used to measure accuracy: too few to tell the models apart. Add more, and compare again.</source>
        <translation>
            <numerusform>평가에 쓴 사진이 %n장뿐이라 모델의 우열을 가리기 어렵습니다. 사진을 더 넣고 다시 비교하세요.</numerusform>
        </translation>
    </message>
    <message>
        <source>Accuracy on the test photos, with its 95% interval</source>
        <translation>테스트 사진에서의 정확도와 95% 신뢰구간</translation>
    </message>
    <message>
        <source>Accuracy on the validation photos, with its 95% interval</source>
        <translation>검증 사진에서의 정확도와 95% 신뢰구간</translation>
    </message>
</context>
<context>
    <name>ComparisonView</name>
    <message numerus="yes">
        <source>%n run(s) could not be trained; the table says why.</source>
        <translation>
            <numerusform>학습 %n건을 하지 못했습니다. 이유는 표에 있습니다.</numerusform>
        </translation>
    </message>
    <message>
        <source>Stopped. Results so far are kept, and you can continue.</source>
        <translation>중지했습니다. 지금까지의 결과는 남아 있으며 이어서 할 수 있습니다.</translation>
    </message>
    <message>
        <source>Removed from the list; the runs are kept.</source>
        <translation>비교를 목록에서 뺐습니다. 학습 기록은 그대로 있습니다.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>실행 취소</translation>
    </message>
    <message>
        <source>A model is being trained on the Train page. Wait until it is done, or stop it: one at a time.</source>
        <translation>학습 화면에서 모델을 학습하고 있습니다. 한 번에 하나만 할 수 있으니 끝날 때까지 기다리거나 먼저 멈추세요.</translation>
    </message>
    <message>
        <source>If you stop, results so far are kept.</source>
        <translation>중지해도 지금까지의 결과는 남습니다.</translation>
    </message>
    <message>
        <source>Some settings are not possible yet; see the notes in the form.</source>
        <translation>아직 고쳐야 할 설정이 있습니다. 위의 안내를 확인하세요.</translation>
    </message>
    <message numerus="yes">
        <source>%n run(s), one after another.</source>
        <translation>
            <numerusform>학습 %n건을 차례로 합니다.</numerusform>
        </translation>
    </message>
    <message>
        <source>ImageNet weights are downloaded once: {names}.</source>
        <translation>ImageNet 가중치를 한 번만 내려받습니다: {names}.</translation>
    </message>
    <message>
        <source>Choose photos to start.</source>
        <translation>시작하려면 사진을 고르세요.</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>비교</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>중지</translation>
    </message>
    <message>
        <source>Which model suits your photos?</source>
        <translation>어떤 모델이 내 사진에 맞을까요?</translation>
    </message>
    <message>
        <source>On the left, choose photos, networks and the layers to train. Each combination is trained on the same photos and tested on others, and the table shows which differ by more than chance.</source>
        <translation>왼쪽에서 사진과 네트워크, 학습할 부분을 고르세요. 조합마다 같은 사진으로 학습하고 다른 사진으로 평가해, 어느 차이가 우연이라 보기 어려운지 표로 보여 줍니다.</translation>
    </message>
</context>
<context>
    <name>ConfusionMatrix</name>
    <message numerus="yes">
        <source>Answer {name}: right for %n of {photos} ({share})</source>
        <translation>
            <numerusform>{name}: 이렇게 답한 사진 {photos}장 가운데 %n장({share})이 맞음</numerusform>
        </translation>
    </message>
    <message>
        <source>No photo got the answer {name}</source>
        <translation>{name}: 이렇게 답한 사진이 없음</translation>
    </message>
    <message numerus="yes">
        <source>%n of {photos} {name} ({share}) were recognised</source>
        <translation>
            <numerusform>{name}: 사진 {photos}장 가운데 %n장({share})을 맞힘</numerusform>
        </translation>
    </message>
    <message>
        <source>There are no photos of {name}</source>
        <translation>{name}: 사진이 없음</translation>
    </message>
    <message numerus="yes">
        <source>%n of {photos} {name} ({share}) were mistaken for {answer}</source>
        <translation>
            <numerusform>{name} → {answer}: 사진 {photos}장 가운데 %n장({share})을 이렇게 잘못 답함</numerusform>
        </translation>
    </message>
    <message>
        <source>None of {photos} {name} were mistaken for {answer}</source>
        <translation>{name} → {answer}: 사진 {photos}장 가운데 이렇게 답한 것이 없음</translation>
    </message>
    <message>
        <source>Confusion matrix</source>
        <translation>혼동 행렬</translation>
    </message>
    <message>
        <source>Nothing was mistaken</source>
        <translation>틀린 답이 없습니다</translation>
    </message>
    <message>
        <source>Answer →</source>
        <translation>모델의 답 →</translation>
    </message>
    <message>
        <source>True class ↓</source>
        <translation>실제 클래스 ↓</translation>
    </message>
</context>
<context>
    <name>CopiedPhotos</name>
    <message>
        <source>Not sure</source>
        <translation>잘 모르겠음</translation>
    </message>
</context>
<context>
    <name>CrashReporter</name>
    <message>
        <source>Something unexpected went wrong. Your photos and models are safe.</source>
        <translation>예상하지 못한 문제가 생겼습니다. 사진과 모델은 안전합니다.</translation>
    </message>
    <message>
        <source>Copy the details</source>
        <translation>자세한 내용 복사</translation>
    </message>
    <message>
        <source>Show the log</source>
        <translation>로그 보기</translation>
    </message>
</context>
<context>
    <name>Curves</name>
    <message>
        <source>No epoch yet</source>
        <translation>아직 에포크 없음</translation>
    </message>
    <message>
        <source>Epoch {epoch}: {values}</source>
        <translation>에포크 {epoch}: {values}</translation>
    </message>
    <message>
        <source>Best epoch: {epoch}</source>
        <translation>가장 좋은 에포크: {epoch}</translation>
    </message>
</context>
<context>
    <name>DataPanel</name>
    <message>
        <source>Reading “{name}”…</source>
        <translation>“{name}” 읽는 중…</translation>
    </message>
    <message>
        <source>Creating the demo photos…</source>
        <translation>연습용 사진을 그리는 중…</translation>
    </message>
    <message>
        <source>Unpacking: {done} of {total}</source>
        <translation>압축을 푸는 중: {total}개 중 {done}개</translation>
    </message>
    <message>
        <source>Looking through the photos: {done} of {total}</source>
        <translation>사진을 살펴보는 중: {total}장 중 {done}장</translation>
    </message>
    <message>
        <source>Looking for photos that are nearly the same: {done} of {total}</source>
        <translation>거의 같은 사진을 찾는 중: {total}장 중 {done}장</translation>
    </message>
    <message>
        <source>Creating the demo photos: {done} of {total}</source>
        <translation>연습용 사진을 그리는 중: {total}장 중 {done}장</translation>
    </message>
    <message>
        <source>Drop a folder with one subfolder per class, or a labels file (CSV, JSON), on this page, or choose it.</source>
        <translation>클래스별 폴더가 든 폴더나 라벨 파일(CSV, JSON)을 이 화면에 끌어다 놓거나 고르세요.</translation>
    </message>
    <message>
        <source>{name}: {classes} classes, {training} training photos, {validation} for validation, {test} for testing</source>
        <translation>{name}: 클래스 {classes}개, 학습용 사진 {training}장, 검증용 {validation}장, 테스트용 {test}장</translation>
    </message>
    <message>
        <source>{name}: {classes} classes, {training} training photos, {validation} for validation</source>
        <translation>{name}: 클래스 {classes}개, 학습용 사진 {training}장, 검증용 {validation}장</translation>
    </message>
    <message>
        <source>Choose a folder with one subfolder per class</source>
        <translation>클래스별 폴더가 든 폴더 고르기</translation>
    </message>
    <message>
        <source>Choose a zip of photos</source>
        <translation>사진 zip 고르기</translation>
    </message>
    <message>
        <source>Zip files ({patterns})</source>
        <translation>Zip 파일 ({patterns})</translation>
    </message>
    <message>
        <source>1  Photos</source>
        <translation>1  사진</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>폴더…</translation>
    </message>
    <message>
        <source>Zip…</source>
        <translation>Zip…</translation>
    </message>
    <message>
        <source>Labels from a file…</source>
        <translation>라벨 파일 열기…</translation>
    </message>
    <message>
        <source>Try the demo photos</source>
        <translation>연습용 사진으로 해 보기</translation>
    </message>
    <message>
        <source>The photos are not sorted into class folders? Take their labels from:</source>
        <translation>사진이 클래스 폴더로 정리되어 있지 않나요? 라벨을 가져올 곳:</translation>
    </message>
    <message>
        <source>a file…</source>
        <translation>파일…</translation>
    </message>
    <message>
        <source>their names…</source>
        <translation>사진 이름…</translation>
    </message>
    <message>
        <source>Undo the last change</source>
        <translation>마지막 변경 실행 취소</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
</context>
<context>
    <name>DataSetChoice</name>
    <message>
        <source>New data set…</source>
        <translation>새 데이터 세트…</translation>
    </message>
    <message>
        <source>Open a folder…</source>
        <translation>폴더 열기…</translation>
    </message>
    <message>
        <source>Data set</source>
        <translation>데이터 세트</translation>
    </message>
    <message>
        <source>New data set</source>
        <translation>새 데이터 세트</translation>
    </message>
    <message>
        <source>Name of the data set:</source>
        <translation>데이터 세트 이름:</translation>
    </message>
    <message>
        <source>Create</source>
        <translation>만들기</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Choose a folder with one subfolder per class</source>
        <translation>클래스별 폴더가 든 폴더 고르기</translation>
    </message>
</context>
<context>
    <name>DataSetEdits</name>
    <message>
        <source>Files in “{name}” are being moved.</source>
        <translation>“{name}”의 파일을 옮기는 중입니다.</translation>
    </message>
    <message numerus="yes">
        <source>The files of up to %n photo(s) will be moved within “{name}”, and those left out to “{excluded}” beside it. It can be put back.</source>
        <translation>
            <numerusform>사진 최대 %n장의 파일을 “{name}” 안에서 옮기고, 제외한 사진은 그 옆의 “{excluded}” 폴더로 옮깁니다. 되돌릴 수 있습니다.</numerusform>
        </translation>
    </message>
    <message>
        <source>Move the files</source>
        <translation>파일 옮기기</translation>
    </message>
    <message>
        <source>(left out)</source>
        <translation>(제외)</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) moved.</source>
        <translation>
            <numerusform>사진 %n장을 옮겼습니다.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>To keep the split and class of %n photo(s), their entries stay in the list.</source>
        <translation>
            <numerusform>사진 %n장은 분할과 클래스가 바뀌지 않도록 변경 목록에 남겨 두었습니다.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) were not found; your changes to them stay in the list.</source>
        <translation>
            <numerusform>사진 %n장을 찾지 못해, 그 사진에 대한 변경은 목록에 남아 있습니다.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) put back.</source>
        <translation>
            <numerusform>사진 %n장을 되돌려 놓았습니다.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) are no longer where they were moved to: “{path}”. Put them there again, then put back once more.</source>
        <translation>
            <numerusform>사진 %n장이 옮겨 둔 자리에 없습니다(“{path}”). 그 자리에 다시 두고 한 번 더 되돌려 놓으세요.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Device</name>
    <message>
        <source>CPU, threads: {count}</source>
        <translation>CPU, 스레드 {count}개</translation>
    </message>
</context>
<context>
    <name>DeviceLabel</name>
    <message>
        <source>Trains on the NVIDIA graphics card.</source>
        <translation>NVIDIA 그래픽 카드로 학습합니다.</translation>
    </message>
    <message>
        <source>Trains on Apple&apos;s graphics processor.</source>
        <translation>Apple 그래픽 프로세서로 학습합니다.</translation>
    </message>
    <message>
        <source>Trains on the CPU. This computer has an NVIDIA graphics card: the GPU version of this program, fruitgui-gpu, trains on it, many times faster. It is beside this one where you got it.</source>
        <translation>CPU로 학습합니다. 이 컴퓨터에는 NVIDIA 그래픽 카드가 있습니다. GPU용 프로그램인 fruitgui-gpu는 그래픽 카드로 훨씬 빠르게 학습합니다. 이 프로그램을 받은 곳에 함께 있습니다.</translation>
    </message>
    <message>
        <source>Trains on the CPU. This computer has an NVIDIA graphics card: with PyTorch for CUDA, from pytorch.org, it trains on that, many times faster.</source>
        <translation>CPU로 학습합니다. 이 컴퓨터에는 NVIDIA 그래픽 카드가 있습니다. pytorch.org에서 CUDA용 PyTorch를 설치하면 그래픽 카드로 훨씬 빠르게 학습합니다.</translation>
    </message>
    <message>
        <source>Trains on the CPU, as chosen in Settings.</source>
        <translation>설정에서 고른 대로 CPU로 학습합니다.</translation>
    </message>
    <message>
        <source>Trains on the CPU.</source>
        <translation>CPU로 학습합니다.</translation>
    </message>
</context>
<context>
    <name>Duration</name>
    <message>
        <source>{low} to {high}</source>
        <translation>{low}~{high}</translation>
    </message>
    <message>
        <source>{count} s</source>
        <translation>{count}초</translation>
    </message>
    <message>
        <source>{count} min</source>
        <translation>{count}분</translation>
    </message>
    <message>
        <source>{count} h</source>
        <translation>{count}시간</translation>
    </message>
</context>
<context>
    <name>Edits</name>
    <message numerus="yes">
        <source>“{label}” for %n photo(s)</source>
        <translation>
            <numerusform>사진 %n장에 “{label}”</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) removed from the list</source>
        <translation>
            <numerusform>사진 %n장을 목록에서 뺌</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>EpochTable</name>
    <message>
        <source>Epoch</source>
        <translation>에포크</translation>
    </message>
    <message>
        <source>Training
loss</source>
        <translation>학습
손실</translation>
    </message>
    <message>
        <source>Training
accuracy</source>
        <translation>학습
정확도</translation>
    </message>
    <message>
        <source>Validation
loss</source>
        <translation>검증
손실</translation>
    </message>
    <message>
        <source>Validation
accuracy</source>
        <translation>검증
정확도</translation>
    </message>
    <message>
        <source>95%
interval</source>
        <translation>95%
신뢰구간</translation>
    </message>
    <message>
        <source>Time
(s)</source>
        <translation>시간
(초)</translation>
    </message>
</context>
<context>
    <name>EvaluatedPhotoList</name>
    <message>
        <source>{name}: label {label}, answer {answer} ({confidence} sure)</source>
        <translation>{name}: 라벨 {label}, 모델의 답 {answer} (확신도 {confidence})</translation>
    </message>
</context>
<context>
    <name>EvaluatedPhotoView</name>
    <message>
        <source>{share} sure</source>
        <translation>확신도 {share}</translation>
    </message>
    <message>
        <source>{label}: {share}</source>
        <translation>{label}: {share}</translation>
    </message>
    <message>
        <source>The other model says {answer}, {share} sure.</source>
        <translation>다른 모델의 답은 {answer}입니다(확신도 {share}).</translation>
    </message>
    <message>
        <source>Analysing…</source>
        <translation>분석하는 중…</translation>
    </message>
    <message>
        <source>Red is what speaks most for {name}.</source>
        <translation>빨간 곳이 “{name}” 답의 가장 큰 근거입니다.</translation>
    </message>
    <message>
        <source>LABEL</source>
        <translation>라벨</translation>
    </message>
    <message>
        <source>THE MODEL SAYS</source>
        <translation>모델의 답</translation>
    </message>
    <message>
        <source>CORRECT THE LABEL</source>
        <translation>라벨 고치기</translation>
    </message>
    <message>
        <source>Show where the model looks (H)</source>
        <translation>모델이 본 곳 표시 (H)</translation>
    </message>
    <message>
        <source>Type a label…</source>
        <translation>라벨 입력…</translation>
    </message>
    <message>
        <source>What is in this photo</source>
        <translation>이 사진에 있는 것</translation>
    </message>
    <message>
        <source>Leave this photo out</source>
        <translation>이 사진 제외</translation>
    </message>
    <message>
        <source>The photo</source>
        <translation>사진</translation>
    </message>
</context>
<context>
    <name>EvaluationBar</name>
    <message>
        <source>Photos…</source>
        <translation>사진…</translation>
    </message>
    <message>
        <source>Choose a folder with one subfolder per class</source>
        <translation>클래스별 폴더가 든 폴더 고르기</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>모델</translation>
    </message>
    <message>
        <source>Which photos of the data set</source>
        <translation>데이터 세트의 어떤 사진</translation>
    </message>
    <message>
        <source>Photos not trained on</source>
        <translation>학습에 쓰지 않은 사진</translation>
    </message>
    <message>
        <source>Evaluate</source>
        <translation>평가</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>중지</translation>
    </message>
</context>
<context>
    <name>EvaluationCharts</name>
    <message>
        <source>On the diagonal, answers are right as often as their confidence says. On average they are {error} off (expected calibration error). Click a bar to see its photos.</source>
        <translation>막대가 대각선에 닿으면 확신도만큼 맞히는 것입니다. 평균 {error} 어긋납니다(기대 보정 오차, ECE). 막대를 누르면 그 사진이 나옵니다.</translation>
    </message>
    <message>
        <source>Photos that look unfamiliar are called “not sure”, however confident the answer. The model answers {answered} of these photos; further to the right it would answer fewer.</source>
        <translation>낯설어 보이는 사진에는 답이 아무리 확실해도 “잘 모르겠음”이라고 합니다. 이 사진의 {answered}에 답하며, 오른쪽으로 갈수록 답하는 사진이 줄어듭니다.</translation>
    </message>
    <message>
        <source>Matrix</source>
        <translation>행렬</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>클래스</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>확신도</translation>
    </message>
    <message>
        <source>Not sure</source>
        <translation>잘 모르겠음</translation>
    </message>
    <message>
        <source>Synonyms</source>
        <translation>동의어</translation>
    </message>
    <message>
        <source>By name</source>
        <translation>이름순</translation>
    </message>
    <message>
        <source>By confusion</source>
        <translation>혼동하는 것끼리</translation>
    </message>
    <message>
        <source>Order of the classes</source>
        <translation>클래스의 순서</translation>
    </message>
    <message>
        <source>By confusion: classes that are mistaken for each other stand side by side</source>
        <translation>혼동하는 것끼리: 서로 잘못 답하는 클래스를 나란히 놓습니다</translation>
    </message>
    <message>
        <source>Only classes with mistakes</source>
        <translation>틀린 답이 있는 클래스만</translation>
    </message>
</context>
<context>
    <name>EvaluationPhotos</name>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>사진 %n장</numerusform>
        </translation>
    </message>
    <message>
        <source>any class</source>
        <translation>모든 클래스</translation>
    </message>
    <message>
        <source>{photos}: {label}, answer {answer}</source>
        <translation>{photos}: {label} → {answer}</translation>
    </message>
    <message>
        <source>{photos}: {label} recognised</source>
        <translation>{photos}: 맞힌 {label}</translation>
    </message>
    <message>
        <source>{photos}: {low} to {high} sure</source>
        <translation>{photos}: 확신도 {low}~{high}</translation>
    </message>
    <message numerus="yes">
        <source>%n change(s)</source>
        <translation>
            <numerusform>변경 %n건</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n selected. What is it really?</source>
        <translation>
            <numerusform>%n장 선택. 실제로는 무엇인가요?</numerusform>
        </translation>
    </message>
    <message>
        <source>Select photos to correct their labels; double-click one to enlarge it.</source>
        <translation>라벨을 고치려면 사진을 선택하세요. 두 번 누르면 크게 보입니다.</translation>
    </message>
    <message>
        <source>There are none. Choose under “Compare with…” whose answers are the earlier ones.</source>
        <translation>없습니다. “다른 모델과 비교…”에서 이전 답을 낸 모델을 고르세요.</translation>
    </message>
    <message>
        <source>The model is sure of every photo.</source>
        <translation>“잘 모르겠음”으로 답한 사진이 없습니다.</translation>
    </message>
    <message>
        <source>You have changed no label here.</source>
        <translation>여기서 바꾼 라벨이 없습니다.</translation>
    </message>
    <message>
        <source>No answer is wrong.</source>
        <translation>틀린 답이 없습니다.</translation>
    </message>
    <message>
        <source>There are no such photos. Choose others above.</source>
        <translation>해당하는 사진이 없습니다. 위에서 다른 사진을 고르세요.</translation>
    </message>
    <message>
        <source>Training photos</source>
        <translation>학습 사진</translation>
    </message>
    <message>
        <source>Validation photos</source>
        <translation>검증 사진</translation>
    </message>
    <message>
        <source>Test photos</source>
        <translation>테스트 사진</translation>
    </message>
    <message>
        <source>All photos</source>
        <translation>모든 사진</translation>
    </message>
    <message>
        <source>Most confident mistakes</source>
        <translation>확신도가 높은 틀린 답</translation>
    </message>
    <message>
        <source>All, worst first</source>
        <translation>모든 사진, 심하게 틀린 것부터</translation>
    </message>
    <message>
        <source>Called “not sure”</source>
        <translation>“잘 모르겠음”으로 답한 사진</translation>
    </message>
    <message>
        <source>Changed by you</source>
        <translation>직접 바꾼 사진</translation>
    </message>
    <message>
        <source>Newly right</source>
        <translation>전에는 틀렸지만 지금은 맞음</translation>
    </message>
    <message>
        <source>Newly wrong</source>
        <translation>전에는 맞았지만 지금은 틀림</translation>
    </message>
    <message>
        <source>Other photos…</source>
        <translation>다른 사진…</translation>
    </message>
    <message>
        <source>Which photos are shown</source>
        <translation>어떤 사진을 보일지</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>사진</translation>
    </message>
    <message>
        <source>Type a label… (Ctrl+L)</source>
        <translation>라벨 입력… (Ctrl+L)</translation>
    </message>
    <message>
        <source>What is in the selected photos</source>
        <translation>선택한 사진에 있는 것</translation>
    </message>
    <message>
        <source>Move to</source>
        <translation>옮기기</translation>
    </message>
    <message>
        <source>Leave out</source>
        <translation>제외</translation>
    </message>
    <message>
        <source>Ignored from now on; the files are kept (Delete)</source>
        <translation>평가와 학습에서 뺍니다. 파일은 그대로 둡니다 (Delete)</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>실행 취소</translation>
    </message>
    <message>
        <source>Kept in a list beside the folder; the files stay as they are</source>
        <translation>폴더 옆의 목록에 보관합니다. 파일은 그대로 둡니다</translation>
    </message>
</context>
<context>
    <name>EvaluationSummary</name>
    <message>
        <source>Accuracy {accuracy} ({low} to {high}) on {count} photos</source>
        <translation>사진 {count}장에서 정확도 {accuracy} ({low}~{high})</translation>
    </message>
    <message>
        <source>macro F1 {value}</source>
        <translation>매크로 F1 {value}</translation>
    </message>
    <message>
        <source>calibration error {value}</source>
        <translation>보정 오차 {value}</translation>
    </message>
    <message numerus="yes">
        <source>{accuracy} without %n that are nearly the same as training photos</source>
        <translation>
            <numerusform>학습 사진과 거의 같은 %n장을 빼면 {accuracy}</numerusform>
        </translation>
    </message>
    <message>
        <source>all of them are the same, or nearly the same, as training photos</source>
        <translation>모두 학습 사진과 같거나 거의 같음</translation>
    </message>
    <message>
        <source>{share} with synonyms merged</source>
        <translation>동의어를 합치면 {share}</translation>
    </message>
    <message>
        <source>Macro F1: precision and recall in one, the mean over all classes.</source>
        <translation>매크로 F1: 정밀도와 재현율을 하나로 합친 값의 클래스 평균입니다.</translation>
    </message>
    <message>
        <source>Calibration error: how far the confidence is from the share of right answers.</source>
        <translation>보정 오차: 확신도가 실제 맞힌 비율과 얼마나 다른지를 나타냅니다.</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) left out</source>
        <translation>
            <numerusform>제외한 사진 %n장</numerusform>
        </translation>
    </message>
    <message>
        <source>The other model knows none of these photos&apos; classes.</source>
        <translation>다른 모델은 이 사진들의 클래스를 하나도 모릅니다.</translation>
    </message>
    <message>
        <source>the other model gets the very same photos right</source>
        <translation>다른 모델도 똑같은 사진을 맞힙니다</translation>
    </message>
    <message>
        <source>the other model {before}: {mended} newly right, {broken} newly wrong</source>
        <translation>다른 모델 {before}: 새로 맞은 사진 {mended}장, 새로 틀린 사진 {broken}장</translation>
    </message>
    <message>
        <source>more than chance, p {p}</source>
        <translation>우연이라 보기 어려움, p {p}</translation>
    </message>
    <message>
        <source>may be chance, p {p}</source>
        <translation>우연일 수 있음, p {p}</translation>
    </message>
    <message>
        <source>Train again</source>
        <translation>다시 학습</translation>
    </message>
    <message>
        <source>With these photos and your changes; afterwards you see what changed</source>
        <translation>이 사진과 직접 바꾼 내용으로 학습합니다. 끝나면 달라진 점을 볼 수 있습니다</translation>
    </message>
</context>
<context>
    <name>EvaluationView</name>
    <message>
        <source>Compare with…</source>
        <translation>다른 모델과 비교…</translation>
    </message>
    <message>
        <source>The model that was evaluated is no longer there. Choose another.</source>
        <translation>평가한 모델이 더 이상 없습니다. 다른 모델을 고르세요.</translation>
    </message>
    <message>
        <source>The new model is ready.</source>
        <translation>새 모델이 준비되었습니다.</translation>
    </message>
    <message>
        <source>See what changed</source>
        <translation>달라진 점 보기</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>나중에</translation>
    </message>
    <message>
        <source>Model to compare with</source>
        <translation>비교할 모델</translation>
    </message>
    <message>
        <source>How good is it?</source>
        <translation>얼마나 잘 알아볼까요?</translation>
    </message>
    <message>
        <source>Choose a model and a folder with one subfolder per class, and press Evaluate; or drop the folder here. You will see the mistakes, and can correct the labels.</source>
        <translation>모델을 고른 다음, 클래스별로 나뉜 사진 폴더를 고르고 평가를 누르세요. 폴더를 여기에 끌어다 놓아도 됩니다. 틀린 답을 보고 라벨을 고칠 수 있습니다.</translation>
    </message>
</context>
<context>
    <name>ExportMenu</name>
    <message>
        <source>Table for spreadsheets (CSV)…</source>
        <translation>스프레드시트용 표 (CSV)…</translation>
    </message>
    <message>
        <source>JSON lines…</source>
        <translation>JSON Lines…</translation>
    </message>
    <message>
        <source>Copy into folders by label…</source>
        <translation>라벨별 폴더에 복사…</translation>
    </message>
    <message>
        <source>Add corrections to a data set…</source>
        <translation>수정한 사진을 데이터 세트에 추가…</translation>
    </message>
    <message>
        <source>“{name}” is being written.</source>
        <translation>“{name}”을(를) 쓰는 중입니다.</translation>
    </message>
    <message>
        <source>“{name}” is being written: {done} of {total} photos.</source>
        <translation>“{name}”에 쓰는 중입니다: 사진 {total}장 중 {done}장.</translation>
    </message>
    <message>
        <source>Stopped. What was written so far is kept.</source>
        <translation>끝나기 전에 멈췄습니다. 그때까지 한 것은 남아 있습니다.</translation>
    </message>
    <message>
        <source>Save the labels</source>
        <translation>라벨 저장</translation>
    </message>
    <message>
        <source>Labels saved to “{name}”.</source>
        <translation>라벨을 “{name}”에 저장했습니다.</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>폴더 열기</translation>
    </message>
    <message>
        <source>Choose a folder for the copies</source>
        <translation>사본을 둘 폴더 고르기</translation>
    </message>
    <message>
        <source>All of them are already in “{name}”.</source>
        <translation>모두 이미 “{name}”에 있습니다.</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) will be copied into “{name}”: {folders}.</source>
        <translation>
            <numerusform>사진 %n장을 “{name}”에 복사합니다: {folders}.</numerusform>
        </translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>복사</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) copied into “{name}”.</source>
        <translation>
            <numerusform>사진 %n장을 “{name}”에 복사했습니다.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n could not be copied.</source>
        <translation>
            <numerusform>%n장은 복사하지 못했습니다.</numerusform>
        </translation>
    </message>
    <message>
        <source>Choose a data set&apos;s folder, or an empty one</source>
        <translation>데이터 세트 폴더나 빈 폴더 고르기</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) added to the training photos in “{name}”.</source>
        <translation>
            <numerusform>사진 %n장을 “{name}”의 학습 사진에 추가했습니다.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n were there already.</source>
        <translation>
            <numerusform>%n장은 이미 있었습니다.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) are gone or cannot be read.</source>
        <translation>
            <numerusform>사진 %n장은 없어졌거나 읽을 수 없습니다.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>GridForm</name>
    <message>
        <source>Choose at least one network.</source>
        <translation>네트워크를 하나 이상 고르세요.</translation>
    </message>
    <message>
        <source>Choose at least one option under “Layers trained”.</source>
        <translation>학습할 부분을 하나 이상 고르세요.</translation>
    </message>
    <message>
        <source>From random weights, hardly anything is learnt unless all is trained.</source>
        <translation>무작위 가중치에서 시작하면 전체를 학습하지 않는 한 거의 배우지 못합니다.</translation>
    </message>
    <message>
        <source>2  What to compare</source>
        <translation>2  비교할 것</translation>
    </message>
    <message>
        <source>As in the published study</source>
        <translation>공개된 연구처럼</translation>
    </message>
    <message>
        <source>ResNet50 or EfficientNet-B0, and how much of it to train, as published.</source>
        <translation>ResNet50과 EfficientNet-B0 가운데 무엇을, 어느 부분까지 학습할지 공개된 연구 그대로 비교합니다.</translation>
    </message>
    <message>
        <source>{network}, starter</source>
        <translation>{network}, 기본 모델</translation>
    </message>
    <message>
        <source>NETWORKS AND STARTING WEIGHTS</source>
        <translation>네트워크와 시작 가중치</translation>
    </message>
    <message>
        <source>FROM RANDOM WEIGHTS</source>
        <translation>무작위 가중치에서 시작</translation>
    </message>
    <message>
        <source>RUNS PER COMBINATION</source>
        <translation>조합별 학습 횟수</translation>
    </message>
    <message>
        <source>Each with another random seed: shows how much of a difference is chance.</source>
        <translation>매번 시드를 바꿔 학습합니다. 차이가 얼마나 우연인지 보여 줍니다.</translation>
    </message>
    <message>
        <source>3  Other settings</source>
        <translation>3  나머지 설정</translation>
    </message>
    <message>
        <source>The preset&apos;s network and layers trained are not used here.</source>
        <translation>프리셋의 네트워크와 학습할 부분은 여기서 쓰지 않습니다.</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>자동</translation>
    </message>
    <message>
        <source>All settings</source>
        <translation>모든 설정</translation>
    </message>
</context>
<context>
    <name>InspectedPhotoView</name>
    <message>
        <source>LABEL</source>
        <translation>라벨</translation>
    </message>
    <message>
        <source>The photo</source>
        <translation>사진</translation>
    </message>
</context>
<context>
    <name>InspectionOverview</name>
    <message>
        <source>All good: nothing needs your attention.</source>
        <translation>문제가 없습니다. 살펴볼 사진이 없습니다.</translation>
    </message>
    <message>
        <source>Some photos are worth a look: choose at the left.</source>
        <translation>살펴볼 만한 사진이 있습니다. 왼쪽에서 고르세요.</translation>
    </message>
    <message>
        <source>Rename “{name}” to “{other}”</source>
        <translation>“{name}”을(를) “{other}”(으)로 바꾸기</translation>
    </message>
    <message>
        <source>Its photos get this label, but for those that you have decided on</source>
        <translation>이미 결정한 사진을 빼고 모든 사진의 라벨이 바뀝니다</translation>
    </message>
    <message>
        <source>Photos: {photos}, of {classes} classes ({formats}).</source>
        <translation>사진 {photos}장, 클래스 {classes}개 ({formats}).</translation>
    </message>
    <message>
        <source>Their shorter side has {smallest} to {largest} pixels, mostly about {middle}.</source>
        <translation>짧은 변은 {smallest}~{largest}픽셀이고, 대개 {middle}픽셀쯤입니다.</translation>
    </message>
    <message>
        <source>Their shorter side has {middle} pixels.</source>
        <translation>짧은 변은 {middle}픽셀입니다.</translation>
    </message>
    <message numerus="yes">
        <source>%n validation or test photo(s) have a duplicate in another split.</source>
        <translation>
            <numerusform>검증용·테스트용 사진 %n장은 같은 사진이 다른 분할에도 있습니다.</numerusform>
        </translation>
    </message>
    <message>
        <source>No validation or test photo has a duplicate in another split.</source>
        <translation>검증용·테스트용 사진 가운데 다른 분할에도 있는 것은 없습니다.</translation>
    </message>
    <message>
        <source>The photos of some classes look like other classes.</source>
        <translation>다른 클래스로 보이는 클래스가 있습니다.</translation>
    </message>
    <message>
        <source>Nothing is left to decide. Files that do not count are at the left.</source>
        <translation>더 정할 것이 없습니다. 쓰지 않는 파일은 왼쪽에서 볼 수 있습니다.</translation>
    </message>
    <message>
        <source>Nothing was found, but not every label could be judged.</source>
        <translation>살펴볼 것을 찾지 못했습니다. 다만 판단할 수 없는 라벨이 있습니다.</translation>
    </message>
    <message>
        <source>Click a class to see its photos.</source>
        <translation>클래스를 누르면 그 사진들이 보입니다.</translation>
    </message>
    <message>
        <source>Photos of each class</source>
        <translation>클래스마다 사진 수</translation>
    </message>
</context>
<context>
    <name>InspectionTexts</name>
    <message>
        <source>Training</source>
        <translation>학습</translation>
    </message>
    <message>
        <source>Validation</source>
        <translation>검증</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>테스트</translation>
    </message>
    <message>
        <source>No photo is left.</source>
        <translation>남은 사진이 없습니다.</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>한눈에 보기</translation>
    </message>
    <message>
        <source>Wrong labels?</source>
        <translation>틀린 라벨?</translation>
    </message>
    <message>
        <source>These labels are probably wrong: the photos look like another class. Say what each is.</source>
        <translation>라벨이 틀린 것 같습니다. 다른 클래스의 사진처럼 보입니다. 무엇인지 알려 주세요.</translation>
    </message>
    <message>
        <source>No label looks wrong.</source>
        <translation>틀려 보이는 라벨이 없습니다.</translation>
    </message>
    <message>
        <source>Unlike their class</source>
        <translation>클래스와 다른 사진</translation>
    </message>
    <message>
        <source>These look unlike the other photos of their class. Some may not belong there; those that are right are worth keeping.</source>
        <translation>같은 클래스의 다른 사진들과 달라 보입니다. 잘못 들어온 것이 있을 수 있습니다. 맞는 사진이라면 남겨 둘 만합니다.</translation>
    </message>
    <message>
        <source>Every photo looks like others of its class.</source>
        <translation>모든 사진이 같은 클래스의 다른 사진과 비슷합니다.</translation>
    </message>
    <message>
        <source>Left out</source>
        <translation>제외됨</translation>
    </message>
    <message>
        <source>These files are not used.</source>
        <translation>쓰이지 않는 파일입니다.</translation>
    </message>
    <message>
        <source>Left out by you</source>
        <translation>내가 제외한 사진</translation>
    </message>
    <message>
        <source>These are not used. Select photos and choose “Use again” to take them back.</source>
        <translation>사용하지 않는 사진입니다. 다시 쓰려면 사진을 고르고 “다시 사용”을 누르세요.</translation>
    </message>
    <message>
        <source>You have not left out any photos.</source>
        <translation>제외한 사진이 없습니다.</translation>
    </message>
    <message>
        <source>Cannot be used</source>
        <translation>쓸 수 없는 파일</translation>
    </message>
    <message>
        <source>Every file in the folder is used.</source>
        <translation>폴더의 모든 파일이 쓰입니다.</translation>
    </message>
    <message>
        <source>Duplicates across splits</source>
        <translation>분할 사이에 겹치는 사진</translation>
    </message>
    <message>
        <source>The same or nearly the same photos are in different splits, so results look better than they are. Keep one of each, or move all to one split.</source>
        <translation>같거나 거의 같은 사진이 서로 다른 분할에 있어 결과가 실제보다 좋아 보입니다. 하나만 남기거나, 모두 한 분할로 옮기세요.</translation>
    </message>
    <message>
        <source>No photo has a duplicate in another split.</source>
        <translation>분할 사이에 겹치는 사진이 없습니다.</translation>
    </message>
    <message>
        <source>Exact duplicates</source>
        <translation>똑같은 사진</translation>
    </message>
    <message>
        <source>The same photo more than once. One of each is enough: leave out the rest.</source>
        <translation>똑같은 사진이 여러 장입니다. 한 장이면 충분하니 나머지는 제외하세요.</translation>
    </message>
    <message>
        <source>No exact duplicates.</source>
        <translation>똑같은 사진이 없습니다.</translation>
    </message>
    <message>
        <source>Near duplicates</source>
        <translation>거의 같은 사진</translation>
    </message>
    <message>
        <source>Taken at the same moment, or one made from the other. One of each teaches nearly as much as all. Similar items in front of the same plain background may look like the same photo: keep those.</source>
        <translation>같은 순간에 찍었거나, 하나를 고쳐 만든 사진입니다. 한 장만 있어도 거의 똑같이 배웁니다. 단색 배경 앞에서 찍은 비슷한 것들은 다른 것이라도 같은 사진으로 보일 수 있습니다. 그런 사진은 그대로 두세요.</translation>
    </message>
    <message>
        <source>No two photos are nearly the same.</source>
        <translation>거의 같은 사진이 없습니다.</translation>
    </message>
    <message>
        <source>Blurred</source>
        <translation>흐린 사진</translation>
    </message>
    <message>
        <source>Keep these only if the photos to recognise later are blurred, too.</source>
        <translation>나중에 알아볼 사진도 흐릴 때만 남기세요.</translation>
    </message>
    <message>
        <source>No photo is blurred.</source>
        <translation>흐린 사진이 없습니다.</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>어두운 사진</translation>
    </message>
    <message>
        <source>Keep these only if the photos to recognise later are as dark.</source>
        <translation>나중에 알아볼 사진도 이만큼 어두울 때만 남기세요.</translation>
    </message>
    <message>
        <source>No photo is too dark.</source>
        <translation>너무 어두운 사진이 없습니다.</translation>
    </message>
    <message>
        <source>Small</source>
        <translation>작은 사진</translation>
    </message>
    <message>
        <source>These have so few pixels that little can be seen on them.</source>
        <translation>픽셀이 적어서 잘 보이지 않는 사진입니다.</translation>
    </message>
    <message>
        <source>No photo is too small.</source>
        <translation>너무 작은 사진이 없습니다.</translation>
    </message>
    <message>
        <source>Long and narrow</source>
        <translation>길쭉한 사진</translation>
    </message>
    <message>
        <source>Photos are made square for training, which leaves little of these to see.</source>
        <translation>사진은 학습할 때 정사각형으로 바꿉니다. 이런 사진은 그때 거의 알아볼 수 없게 됩니다.</translation>
    </message>
    <message>
        <source>No photo is too long and narrow.</source>
        <translation>너무 길쭉한 사진이 없습니다.</translation>
    </message>
    <message>
        <source>The labels could not be checked: apart from near duplicates and photos of one recording, there are too few photos. Add others.</source>
        <translation>라벨을 확인할 수 없습니다. 거의 같거나 한 번에 녹화한 사진을 빼면 사진이 너무 적습니다. 다른 사진을 추가하세요.</translation>
    </message>
    <message>
        <source>The labels of {names} could not be checked.</source>
        <translation>{names}의 라벨은 확인할 수 없습니다.</translation>
    </message>
    <message numerus="yes">
        <source>{split}: %n photo(s)</source>
        <translation>
            <numerusform>{split}: 사진 %n장</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n identical photo(s)</source>
        <translation>
            <numerusform>똑같은 사진 %n장</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s), nearly the same</source>
        <translation>
            <numerusform>거의 같은 사진 %n장</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s), identical or nearly the same</source>
        <translation>
            <numerusform>같거나 거의 같은 사진 %n장</numerusform>
        </translation>
    </message>
    <message>
        <source>not a picture</source>
        <translation>그림 파일이 아닙니다</translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation>읽을 수 없습니다</translation>
    </message>
    <message>
        <source>its name has no ending such as .jpg</source>
        <translation>이름에 .jpg 같은 확장자가 없습니다</translation>
    </message>
    <message>
        <source>in no class&apos;s folder</source>
        <translation>클래스 폴더에 들어 있지 않습니다</translation>
    </message>
    <message>
        <source>you may not open it</source>
        <translation>열 권한이 없습니다</translation>
    </message>
    <message>
        <source>a link that leads nowhere</source>
        <translation>이어지는 곳이 없는 링크입니다</translation>
    </message>
    <message>
        <source>its class has no photos to learn from</source>
        <translation>이 클래스에는 학습용 사진이 없습니다</translation>
    </message>
    <message>
        <source>it has no label</source>
        <translation>라벨이 없습니다</translation>
    </message>
    <message>
        <source>it has several labels</source>
        <translation>라벨이 여러 개입니다</translation>
    </message>
    <message>
        <source>it has a label, but is not there</source>
        <translation>라벨은 있지만 사진이 없습니다</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>바꿈</translation>
    </message>
    <message>
        <source>Moved</source>
        <translation>옮김</translation>
    </message>
    <message>
        <source>Kept</source>
        <translation>남김</translation>
    </message>
    <message>
        <source>looks like {name}</source>
        <translation>{name} 같음</translation>
    </message>
</context>
<context>
    <name>InspectionView</name>
    <message>
        <source>Unpacking: {done} of {total}</source>
        <translation>압축을 푸는 중: {total}개 중 {done}개</translation>
    </message>
    <message>
        <source>Reading the photos: {done} of {total}</source>
        <translation>사진 읽는 중: {total}장 중 {done}장</translation>
    </message>
    <message>
        <source>Looking for photos that are nearly the same: {done} of {total}</source>
        <translation>거의 같은 사진을 찾는 중: {total}장 중 {done}장</translation>
    </message>
    <message>
        <source>Getting ready…</source>
        <translation>준비하는 중…</translation>
    </message>
    <message>
        <source>Comparing what is on the photos: {done} of {total}</source>
        <translation>사진에 있는 것을 비교하는 중: {total}장 중 {done}장</translation>
    </message>
    <message>
        <source>The photos were changed elsewhere since they were checked. Check again before you change more.</source>
        <translation>살펴본 뒤에 다른 곳에서 사진을 바꾸었습니다. 더 바꾸기 전에 다시 살펴보세요.</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>뒤로</translation>
    </message>
    <message>
        <source>Back to training (Esc)</source>
        <translation>학습으로 돌아가기 (Esc)</translation>
    </message>
    <message>
        <source>Check the photos</source>
        <translation>사진 살펴보기</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>실행 취소</translation>
    </message>
    <message>
        <source>Undo the last change (Ctrl+Z); Ctrl+Shift+Z to redo</source>
        <translation>마지막 변경을 실행 취소합니다 (Ctrl+Z). 다시 실행은 Ctrl+Shift+Z입니다</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>다시 살펴보기</translation>
    </message>
    <message>
        <source>Read the photos once more</source>
        <translation>사진을 한 번 더 읽습니다</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Your files stay as they are, whatever you change here.</source>
        <translation>여기에서 무엇을 바꾸어도 파일은 그대로 있습니다.</translation>
    </message>
    <message>
        <source>What to look at</source>
        <translation>살펴볼 것</translation>
    </message>
</context>
<context>
    <name>Intake</name>
    <message>
        <source>Pictures on the web are not fetched, so that nothing you do leaves this computer. Save the picture, and drop the file.</source>
        <translation>개인 정보 보호를 위해 웹의 그림은 내려받지 않습니다. 그림을 저장한 뒤 파일을 끌어다 놓으세요.</translation>
    </message>
    <message>
        <source>No picture or files found. Copy a picture or files, and try again.</source>
        <translation>가져올 그림이 없습니다. 그림이나 파일을 복사한 뒤 다시 해 보세요.</translation>
    </message>
    <message>
        <source>Choose photos</source>
        <translation>사진 고르기</translation>
    </message>
    <message>
        <source>Pictures ({patterns})</source>
        <translation>사진 ({patterns})</translation>
    </message>
    <message>
        <source>Choose a folder of photos</source>
        <translation>사진 폴더 고르기</translation>
    </message>
</context>
<context>
    <name>LabelColumnBoxes</name>
    <message numerus="yes">
        <source>A column a class (%n)</source>
        <translation>
            <numerusform>클래스마다 열 하나(%n개)</numerusform>
        </translation>
    </message>
    <message>
        <source>None: split automatically</source>
        <translation>없음: 자동으로 나누기</translation>
    </message>
    <message>
        <source>Column of photos</source>
        <translation>사진 열</translation>
    </message>
    <message>
        <source>Column of labels</source>
        <translation>라벨 열</translation>
    </message>
    <message>
        <source>Column of splits</source>
        <translation>분할 열</translation>
    </message>
    <message>
        <source>Class names…</source>
        <translation>클래스 이름…</translation>
    </message>
</context>
<context>
    <name>LabelCounts</name>
    <message>
        <source>All photos</source>
        <translation>모든 사진</translation>
    </message>
    <message>
        <source>Not sure</source>
        <translation>잘 모르겠음</translation>
    </message>
    <message>
        <source>Labelled by you</source>
        <translation>내가 붙인 라벨</translation>
    </message>
    <message>
        <source>Changed by teaching</source>
        <translation>가르친 뒤 바뀜</translation>
    </message>
</context>
<context>
    <name>LabelEditsMenu</name>
    <message numerus="yes">
        <source>… and %n older</source>
        <translation>
            <numerusform>… 이전 변경 %n건</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>사진 %n장</numerusform>
        </translation>
    </message>
    <message>
        <source>{photos}: left out</source>
        <translation>{photos}: 제외</translation>
    </message>
    <message>
        <source>training photos</source>
        <translation>학습용</translation>
    </message>
    <message>
        <source>validation photos</source>
        <translation>검증용</translation>
    </message>
    <message>
        <source>test photos</source>
        <translation>테스트용</translation>
    </message>
    <message>
        <source>Kept in “{file}”, beside the folder</source>
        <translation>폴더 옆의 “{file}”에 보관</translation>
    </message>
    <message>
        <source>Undo one</source>
        <translation>하나만 실행 취소</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>다시 실행</translation>
    </message>
    <message>
        <source>Apply to the folder: move the files…</source>
        <translation>폴더에 적용: 파일 옮기기…</translation>
    </message>
    <message>
        <source>Put the files back</source>
        <translation>파일 되돌려 놓기</translation>
    </message>
</context>
<context>
    <name>LabelsDialog</name>
    <message>
        <source>Choose the folder of the photos</source>
        <translation>사진이 든 폴더 고르기</translation>
    </message>
    <message>
        <source>Choose the zip of the photos</source>
        <translation>사진이 든 zip 고르기</translation>
    </message>
    <message>
        <source>Zip files ({patterns})</source>
        <translation>Zip 파일({patterns})</translation>
    </message>
    <message>
        <source>Choose the list of the classes&apos; names</source>
        <translation>클래스 이름 목록 고르기</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>살펴보는 중…</translation>
    </message>
    <message>
        <source>Unpacking: {done} of {total}</source>
        <translation>압축을 푸는 중: {total}개 중 {done}개</translation>
    </message>
    <message numerus="yes">
        <source>%n class(es)</source>
        <translation>
            <numerusform>클래스 %n개</numerusform>
        </translation>
    </message>
    <message>
        <source>At least two classes are needed.</source>
        <translation>클래스가 두 개 이상 필요합니다.</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) with a label</source>
        <translation>
            <numerusform>라벨이 있는 사진 %n장</numerusform>
        </translation>
    </message>
    <message>
        <source>{count} for training</source>
        <translation>학습용 {count}장</translation>
    </message>
    <message>
        <source>{count} for validation</source>
        <translation>검증용 {count}장</translation>
    </message>
    <message>
        <source>{count} for testing</source>
        <translation>테스트용 {count}장</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>라벨</translation>
    </message>
    <message>
        <source>Where are the labels?</source>
        <translation>라벨이 어디에 있나요?</translation>
    </message>
    <message>
        <source>In a file</source>
        <translation>파일에</translation>
    </message>
    <message>
        <source>In the photos&apos; names</source>
        <translation>사진 이름에</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>사진</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>폴더…</translation>
    </message>
    <message>
        <source>Zip…</source>
        <translation>Zip…</translation>
    </message>
    <message>
        <source>Another file…</source>
        <translation>다른 파일…</translation>
    </message>
    <message>
        <source>Pattern of the names</source>
        <translation>이름의 패턴</translation>
    </message>
    <message>
        <source>{label} is the class, * is anything, # is a number, {split} is train, validation or test. Use / to include folders.</source>
        <translation>{label}은 클래스, *는 아무 글자, #은 숫자, {split}은 학습·검증·테스트입니다. /를 쓰면 폴더 이름도 봅니다.</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>미리 보기</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Use these labels</source>
        <translation>이 라벨 쓰기</translation>
    </message>
    <message>
        <source>Choose a file of labels</source>
        <translation>라벨 파일 고르기</translation>
    </message>
    <message>
        <source>Labels ({patterns})</source>
        <translation>라벨({patterns})</translation>
    </message>
    <message>
        <source>All files ({patterns})</source>
        <translation>모든 파일({patterns})</translation>
    </message>
</context>
<context>
    <name>LabelsPreview</name>
    <message>
        <source>Photo</source>
        <translation>사진</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>라벨</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>분할</translation>
    </message>
    <message>
        <source>does not fit</source>
        <translation>맞지 않음</translation>
    </message>
    <message>
        <source>no such photo</source>
        <translation>사진 없음</translation>
    </message>
    <message>
        <source>outside of the photos&apos; folder</source>
        <translation>사진 폴더 밖</translation>
    </message>
    <message>
        <source>several photos of that name</source>
        <translation>같은 이름의 사진이 여럿</translation>
    </message>
    <message>
        <source>several labels</source>
        <translation>라벨이 여러 개임</translation>
    </message>
    <message>
        <source>{label}: covers less</source>
        <translation>{label}: 덮은 넓이가 더 작음</translation>
    </message>
    <message>
        <source>no label</source>
        <translation>라벨 없음</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>알 수 없음</translation>
    </message>
    <message>
        <source>train</source>
        <translation>학습</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>검증</translation>
    </message>
    <message>
        <source>test</source>
        <translation>테스트</translation>
    </message>
</context>
<context>
    <name>LessonList</name>
    <message>
        <source>TAUGHT LATER</source>
        <translation>나중에 가르친 것</translation>
    </message>
    <message>
        <source>Train with all photos…</source>
        <translation>모든 사진으로 학습…</translation>
    </message>
    <message>
        <source>Learnt in seconds, without the original training photos.</source>
        <translation>처음 학습한 사진은 쓰지 않고 새 사진만으로 배웠습니다.</translation>
    </message>
    <message>
        <source>Training with all photos takes longer, and makes the model more accurate.</source>
        <translation>모든 사진으로 학습하면 더 오래 걸리지만 더 정확해집니다.</translation>
    </message>
    <message>
        <source>Working…</source>
        <translation>처리 중…</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>사진 %n장</numerusform>
        </translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>되돌리기</translation>
    </message>
    <message>
        <source>Undo “{name}”</source>
        <translation>“{name}” 되돌리기</translation>
    </message>
</context>
<context>
    <name>LiveView</name>
    <message>
        <source>Nothing there</source>
        <translation>아무것도 없음</translation>
    </message>
    <message>
        <source>Not sure</source>
        <translation>잘 모르겠음</translation>
    </message>
    <message>
        <source>Loading the model…</source>
        <translation>모델을 불러오는 중…</translation>
    </message>
    <message>
        <source>It looks unlike what was learnt.</source>
        <translation>배운 것과 달라 보입니다.</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Fruit and vegetables</source>
        <translation>과일과 채소</translation>
    </message>
    <message>
        <source>There is no font for Korean on this computer, so the window is in English. Install one, such as Noto Sans CJK, and open Fruitgui again.</source>
        <translation>이 컴퓨터에는 한국어 글꼴이 없어 화면을 영어로 표시합니다. Noto Sans CJK 같은 글꼴을 설치한 뒤 Fruitgui를 다시 여세요.</translation>
    </message>
</context>
<context>
    <name>ModelExport</name>
    <message>
        <source>Export the model</source>
        <translation>모델 내보내기</translation>
    </message>
    <message>
        <source>Exporting, and checking with at least 100 photos…</source>
        <translation>저장하고 사진 100장 이상으로 확인하는 중…</translation>
    </message>
    <message>
        <source>Every export is checked against the model.</source>
        <translation>내보낸 파일의 답이 모델과 같은지 확인한 뒤에 마칩니다.</translation>
    </message>
    <message>
        <source>“{name}” was saved with its model card. Checked with {count} photos, {yours} of them yours: the same labels as the model, and no probability differs by more than {difference}.</source>
        <translation>“{name}” 파일과 모델 카드를 저장했습니다. 사진 {count}장(그중 내 사진 {yours}장)으로 확인했습니다. 라벨은 모델과 모두 같고, 확률 차이는 모두 {difference} 이하입니다.</translation>
    </message>
    <message>
        <source>For most programs and devices</source>
        <translation>대부분의 프로그램과 기기에서 사용</translation>
    </message>
    <message>
        <source>For PyTorch</source>
        <translation>PyTorch에서 사용</translation>
    </message>
    <message>
        <source>For Intel&apos;s OpenVINO: two files, .xml and .bin</source>
        <translation>Intel OpenVINO에서 사용: .xml과 .bin 두 파일</translation>
    </message>
    <message>
        <source>For older programs: PyTorch recommends torch.export instead</source>
        <translation>오래된 프로그램에서 사용: PyTorch는 대신 torch.export를 권합니다</translation>
    </message>
    <message>
        <source>“{name}” is being exported.</source>
        <translation>“{name}”(으)로 내보내는 중입니다.</translation>
    </message>
    <message>
        <source>EXPORT</source>
        <translation>내보내기</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>형식</translation>
    </message>
    <message>
        <source>{format} (deprecated)</source>
        <translation>{format} (권장하지 않음)</translation>
    </message>
    <message>
        <source>Include preprocessing</source>
        <translation>전처리 포함</translation>
    </message>
    <message>
        <source>Resizing and normalisation are part of the file: photo in, probabilities out</source>
        <translation>크기 조정과 정규화가 파일에 들어 있어, 사진을 넣으면 확률이 나옵니다</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>내보내기…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>폴더 열기</translation>
    </message>
</context>
<context>
    <name>ModelImport</name>
    <message>
        <source>Models ({patterns})</source>
        <translation>모델 ({patterns})</translation>
    </message>
    <message>
        <source>All files ({patterns})</source>
        <translation>모든 파일 ({patterns})</translation>
    </message>
    <message>
        <source>Choose a model file</source>
        <translation>모델 파일 고르기</translation>
    </message>
    <message>
        <source>“{name}” is being imported. Wait until it is done.</source>
        <translation>“{name}”을(를) 가져오는 중입니다. 끝날 때까지 기다려 주세요.</translation>
    </message>
    <message>
        <source>Reading “{name}”…</source>
        <translation>“{name}” 읽는 중…</translation>
    </message>
    <message>
        <source>Choose the data set that it learnt from, for the names of its classes</source>
        <translation>클래스 이름을 알 수 있도록 이 모델이 배운 데이터 세트 고르기</translation>
    </message>
    <message>
        <source>{count} of {wanted} names</source>
        <translation>이름 {wanted}개 중 {count}개</translation>
    </message>
    <message>
        <source>“{name}” is there twice</source>
        <translation>“{name}”이(가) 두 번 있습니다</translation>
    </message>
    <message>
        <source>Importing “{name}”…</source>
        <translation>“{name}” 가져오는 중…</translation>
    </message>
    <message>
        <source>“{name}” is being imported.</source>
        <translation>“{name}”을(를) 가져오는 중입니다.</translation>
    </message>
    <message>
        <source>Which classes does “{name}” know?</source>
        <translation>“{name}” 모델은 무엇을 구분하나요?</translation>
    </message>
    <message>
        <source>This is a {architecture} model, and its file names the classes. They are listed in the order in which the model learnt them, one per line: you can change the names, but not the order.</source>
        <translation>{architecture} 모델이며, 클래스 이름이 파일에 들어 있습니다. 배운 순서대로 한 줄에 하나씩 적혀 있습니다. 이름은 바꿀 수 있지만 순서는 바꿀 수 없습니다.</translation>
    </message>
    <message>
        <source>This is a {architecture} model, and its file does not name the classes. Type the names in the order in which the model learnt them, one per line; or read them from the folder of its data set, where they are sorted as text: capitals first, 10 before 2.</source>
        <translation>{architecture} 모델이며, 클래스 이름은 파일에 없습니다. 배운 순서대로 한 줄에 하나씩 이름을 입력하거나, 데이터 세트 폴더에서 읽으세요. 폴더 이름은 글자 순서로 정렬됩니다. 대문자가 먼저이고, 10이 2보다 앞에 옵니다.</translation>
    </message>
    <message>
        <source>Names of the classes</source>
        <translation>클래스 이름</translation>
    </message>
    <message>
        <source>Activation between the layers:</source>
        <translation>층 사이의 활성화 함수:</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>Read from a folder…</source>
        <translation>폴더에서 읽기…</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>가져오기</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
</context>
<context>
    <name>ModelInUse</name>
    <message>
        <source>Loading the model…</source>
        <translation>모델을 불러오는 중…</translation>
    </message>
    <message>
        <source>Starter model</source>
        <translation>기본 모델</translation>
    </message>
    <message>
        <source>Classify and Camera answer with “{model}” from now on.</source>
        <translation>이제 분류와 카메라에서 “{model}”을(를) 씁니다.</translation>
    </message>
</context>
<context>
    <name>ModelLibrary</name>
    <message>
        <source>Use this model</source>
        <translation>이 모델 사용</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>제거</translation>
    </message>
    <message>
        <source>Evaluate</source>
        <translation>평가</translation>
    </message>
    <message>
        <source>Report…</source>
        <translation>보고서…</translation>
    </message>
    <message>
        <source>CLASSES</source>
        <translation>클래스</translation>
    </message>
    <message>
        <source>FILE</source>
        <translation>파일</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>모델</translation>
    </message>
    <message>
        <source>Starter model</source>
        <translation>기본 모델</translation>
    </message>
    <message numerus="yes">
        <source>%n class(es)</source>
        <translation>
            <numerusform>클래스 %n개</numerusform>
        </translation>
    </message>
    <message>
        <source>Test accuracy {accuracy}</source>
        <translation>테스트 정확도 {accuracy}</translation>
    </message>
    <message>
        <source>Photos are being gathered to train on.</source>
        <translation>학습할 사진을 모으고 있습니다.</translation>
    </message>
    <message>
        <source>Validation accuracy {accuracy}</source>
        <translation>검증 정확도 {accuracy}</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>사용 중</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>사용 중</translation>
    </message>
    <message>
        <source>Input size {size}×{size} pixels</source>
        <translation>입력 크기 {size}×{size} 픽셀</translation>
    </message>
    <message>
        <source>Test accuracy {accuracy} ({low} to {high}, {count} photos)</source>
        <translation>테스트 정확도 {accuracy} ({low}~{high}, 사진 {count}장)</translation>
    </message>
    <message>
        <source>Validation accuracy {accuracy} ({count} photos)</source>
        <translation>검증 정확도 {accuracy} (사진 {count}장)</translation>
    </message>
    <message>
        <source>Validation accuracy on what it knew before {accuracy} ({count} photos)</source>
        <translation>전에 알던 종류의 검증 정확도 {accuracy} (사진 {count}장)</translation>
    </message>
    <message>
        <source>Gathering photos: {done} of {total}</source>
        <translation>사진 모으는 중: {total}장 중 {done}장</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Move “{name}” to the trash?</source>
        <translation>“{name}”을(를) 휴지통으로 옮길까요?</translation>
    </message>
    <message>
        <source>Move to the trash</source>
        <translation>휴지통으로 옮기기</translation>
    </message>
    <message>
        <source>The model is in the system&apos;s trash.</source>
        <translation>모델을 시스템 휴지통으로 옮겼습니다.</translation>
    </message>
    <message>
        <source>The model and its run are in the trash, under Runs.</source>
        <translation>모델과 학습 기록이 휴지통에 있습니다. ‘학습 기록’에서 볼 수 있습니다.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>실행 취소</translation>
    </message>
</context>
<context>
    <name>ModelTitles</name>
    <message>
        <source>Starter model</source>
        <translation>기본 모델</translation>
    </message>
    <message>
        <source>{title}, corrected</source>
        <translation>{title}(수정함)</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Wait until what is under way has ended, then drop the photos again.</source>
        <translation>진행 중인 작업이 끝난 뒤 사진을 다시 놓으세요.</translation>
    </message>
    <message>
        <source>Drop one model here to import it. Drop labelled photos on Evaluate, and others on the Classify page.</source>
        <translation>여기에 모델 하나를 놓으면 가져옵니다. 라벨이 있는 사진은 평가에, 그 밖의 사진은 분류 화면에 놓으세요.</translation>
    </message>
    <message>
        <source>“{path}” is not there any more, or is no model.</source>
        <translation>“{path}”이(가) 더 이상 없거나 모델이 아닙니다.</translation>
    </message>
    <message>
        <source>The model in use is no longer there; the starter model answers instead.</source>
        <translation>사용 중이던 모델이 없어져 기본 모델이 대신 답합니다.</translation>
    </message>
    <message>
        <source>{name}, report</source>
        <translation>{name} 보고서</translation>
    </message>
    <message>
        <source>Write a report</source>
        <translation>보고서 저장</translation>
    </message>
    <message>
        <source>Writing the report…</source>
        <translation>보고서를 만드는 중…</translation>
    </message>
    <message>
        <source>Writing the report… {done} of {total}</source>
        <translation>보고서를 만드는 중… {done}/{total}</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>“{name}” was saved.</source>
        <translation>“{name}” 보고서를 저장했습니다.</translation>
    </message>
    <message>
        <source>Open it</source>
        <translation>열기</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>모델</translation>
    </message>
    <message>
        <source>Your models, how good they are, and how they were trained</source>
        <translation>내 모델과 그 정확도, 학습 방법</translation>
    </message>
    <message>
        <source>Evaluate</source>
        <translation>평가</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>학습 기록</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>비교</translation>
    </message>
    <message numerus="yes">
        <source>%n report(s) are being written.</source>
        <translation>
            <numerusform>보고서 %n개를 쓰는 중입니다.</numerusform>
        </translation>
    </message>
    <message>
        <source>A comparison is being trained.</source>
        <translation>비교할 모델을 학습하는 중입니다.</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>가져오기…</translation>
    </message>
</context>
<context>
    <name>MovedData</name>
    <message>
        <source>Choose the zip…</source>
        <translation>Zip 고르기…</translation>
    </message>
    <message>
        <source>Choose the folder…</source>
        <translation>폴더 고르기…</translation>
    </message>
    <message>
        <source>Choose the zip with the photos</source>
        <translation>사진이 든 zip 고르기</translation>
    </message>
    <message>
        <source>Zip files ({patterns})</source>
        <translation>Zip 파일 ({patterns})</translation>
    </message>
    <message>
        <source>Choose the folder where the photos are now</source>
        <translation>지금 사진이 있는 폴더 고르기</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
</context>
<context>
    <name>OverlaidCurves</name>
    <message>
        <source>Validation accuracy, %</source>
        <translation>검증 정확도 (%)</translation>
    </message>
    <message>
        <source>Validation loss</source>
        <translation>검증 손실</translation>
    </message>
    <message>
        <source>Training accuracy, %</source>
        <translation>학습 정확도 (%)</translation>
    </message>
    <message>
        <source>Training loss</source>
        <translation>학습 손실</translation>
    </message>
    <message>
        <source>Accuracy gap, % points</source>
        <translation>정확도 격차 (%p)</translation>
    </message>
    <message>
        <source>Epoch</source>
        <translation>에포크</translation>
    </message>
    <message>
        <source>{name}: {best} in epoch {epoch}, its best; {last} in epoch {epochs}</source>
        <translation>{name}: 최고 {best}(에포크 {epoch}), 마지막 {last}(에포크 {epochs})</translation>
    </message>
</context>
<context>
    <name>PhotoActions</name>
    <message>
        <source>Change to {name}</source>
        <translation>{name}(으)로 변경</translation>
    </message>
    <message>
        <source>Accept all suggestions</source>
        <translation>제안 모두 적용</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>그대로 두기</translation>
    </message>
    <message>
        <source>The label is right, and the photo stays</source>
        <translation>라벨이 맞으니 사진을 남깁니다</translation>
    </message>
    <message>
        <source>Leave out</source>
        <translation>제외</translation>
    </message>
    <message>
        <source>Use again</source>
        <translation>다시 사용</translation>
    </message>
    <message>
        <source>No longer left out</source>
        <translation>더 이상 제외하지 않습니다</translation>
    </message>
    <message>
        <source>Ignored from now on; the file is kept (Delete)</source>
        <translation>더는 쓰지 않습니다. 파일은 그 자리에 있습니다 (Delete)</translation>
    </message>
    <message>
        <source>Type a label… (Ctrl+L)</source>
        <translation>라벨 입력… (Ctrl+L)</translation>
    </message>
    <message>
        <source>What is in the selected photos</source>
        <translation>선택한 사진에 있는 것</translation>
    </message>
    <message>
        <source>Move to</source>
        <translation>옮기기</translation>
    </message>
</context>
<context>
    <name>PhotoBar</name>
    <message>
        <source>{number} of {count}</source>
        <translation>{count}장 중 {number}번째</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>뒤로</translation>
    </message>
    <message>
        <source>Back (Esc)</source>
        <translation>뒤로 (Esc)</translation>
    </message>
    <message>
        <source>Previous photo (←)</source>
        <translation>이전 사진 (←)</translation>
    </message>
    <message>
        <source>Next photo (→)</source>
        <translation>다음 사진 (→)</translation>
    </message>
</context>
<context>
    <name>PhotoCardDelegate</name>
    <message>
        <source>Confirmed</source>
        <translation>확인함</translation>
    </message>
    <message>
        <source>Corrected</source>
        <translation>수정함</translation>
    </message>
    <message>
        <source>Waiting…</source>
        <translation>기다리는 중…</translation>
    </message>
    <message>
        <source>Not classified</source>
        <translation>분류하지 않음</translation>
    </message>
    <message>
        <source>File is gone</source>
        <translation>파일이 없어졌습니다</translation>
    </message>
    <message>
        <source>Not sure</source>
        <translation>잘 모르겠음</translation>
    </message>
</context>
<context>
    <name>PhotoDetail</name>
    <message>
        <source>Previous photo (←)</source>
        <translation>이전 사진 (←)</translation>
    </message>
    <message>
        <source>Next photo (→)</source>
        <translation>다음 사진 (→)</translation>
    </message>
    <message>
        <source>Show where the model looks (H)</source>
        <translation>모델이 본 곳 표시 (H)</translation>
    </message>
    <message>
        <source>Class shown in the heat map</source>
        <translation>위치를 표시할 클래스</translation>
    </message>
    <message>
        <source>Opacity of the heat map</source>
        <translation>히트맵의 불투명도</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>불투명도</translation>
    </message>
    <message>
        <source>MOST SIMILAR TRAINING PHOTOS</source>
        <translation>가장 비슷한 학습 사진</translation>
    </message>
    <message>
        <source>Another class…</source>
        <translation>다른 클래스…</translation>
    </message>
    <message>
        <source>What is in this photo</source>
        <translation>이 사진에 있는 것</translation>
    </message>
    <message>
        <source>The photo</source>
        <translation>사진</translation>
    </message>
    <message>
        <source>The file is no longer there. What was read of it is still shown.</source>
        <translation>파일이 더 이상 없습니다. 이미 읽은 내용은 그대로 보입니다.</translation>
    </message>
    <message>
        <source>The file is cut off; the end of the photo is missing.</source>
        <translation>파일이 중간에 잘려 사진의 끝부분이 없습니다.</translation>
    </message>
    <message>
        <source>{number} of {count}</source>
        <translation>{count}장 중 {number}번째</translation>
    </message>
    <message>
        <source>Back to the photos</source>
        <translation>사진 목록으로</translation>
    </message>
    <message>
        <source>Back to the photos (Esc)</source>
        <translation>사진 목록으로 (Esc)</translation>
    </message>
    <message>
        <source>You confirmed it.</source>
        <translation>직접 확인했습니다.</translation>
    </message>
    <message>
        <source>Your label; the model said {label}.</source>
        <translation>수정한 라벨입니다. 모델의 답은 {label}입니다.</translation>
    </message>
    <message>
        <source>Waiting…</source>
        <translation>기다리는 중…</translation>
    </message>
    <message>
        <source>Not classified</source>
        <translation>분류하지 않음</translation>
    </message>
    <message>
        <source>Not sure</source>
        <translation>잘 모르겠음</translation>
    </message>
    <message>
        <source>Unlike the training photos; closest to {label}.</source>
        <translation>모델이 배운 사진들과 다르게 생겼습니다. 가장 가까운 것은 {label}입니다.</translation>
    </message>
    <message>
        <source>The model is not sure; perhaps {label}.</source>
        <translation>모델이 확신하지 못합니다. {label}일 수 있습니다.</translation>
    </message>
    <message>
        <source>{share} sure</source>
        <translation>확신도 {share}</translation>
    </message>
    <message>
        <source>Looking through the training photos… {done} of {total}</source>
        <translation>학습 사진을 살펴보는 중… {total}장 중 {done}장</translation>
    </message>
    <message>
        <source>The photos that this model learnt from are not here.</source>
        <translation>이 모델이 배운 사진이 여기에 없습니다.</translation>
    </message>
</context>
<context>
    <name>PhotoList</name>
    <message>
        <source>{name}: {label}, confirmed</source>
        <translation>{name}: {label}, 확인함</translation>
    </message>
    <message>
        <source>{name}: {label}, corrected</source>
        <translation>{name}: {label}, 수정함</translation>
    </message>
    <message>
        <source>{name}: waiting</source>
        <translation>{name}: 기다리는 중</translation>
    </message>
    <message>
        <source>{name}: not sure, perhaps {label}</source>
        <translation>{name}: 잘 모르겠음, {label}일 수 있음</translation>
    </message>
    <message>
        <source>Corrected to “{label}”</source>
        <translation>“{label}”(으)로 수정함</translation>
    </message>
    <message>
        <source>The file is cut off; the end of the photo is missing.</source>
        <translation>파일이 중간에 잘려 사진의 끝부분이 없습니다.</translation>
    </message>
    <message>
        <source>Most probable before teaching: {label}</source>
        <translation>가르치기 전의 첫 번째 답: {label}</translation>
    </message>
</context>
<context>
    <name>PhotoName</name>
    <message>
        <source>Pasted {time}</source>
        <translation>붙여넣음 {time}</translation>
    </message>
    <message>
        <source>Snapshot {time}</source>
        <translation>스냅샷 {time}</translation>
    </message>
</context>
<context>
    <name>PhotoResults</name>
    <message>
        <source>SORT BY</source>
        <translation>정렬</translation>
    </message>
    <message>
        <source>LABELS</source>
        <translation>라벨</translation>
    </message>
    <message>
        <source>“NOT SURE” THRESHOLD</source>
        <translation>“잘 모르겠음” 기준</translation>
    </message>
    <message>
        <source>As added</source>
        <translation>추가한 순서</translation>
    </message>
    <message>
        <source>By label</source>
        <translation>라벨별</translation>
    </message>
    <message>
        <source>Least sure first</source>
        <translation>확신도가 낮은 것부터</translation>
    </message>
    <message>
        <source>Most sure first</source>
        <translation>확신도가 높은 것부터</translation>
    </message>
    <message>
        <source>By file name</source>
        <translation>파일 이름순</translation>
    </message>
    <message>
        <source>Order of the photos</source>
        <translation>사진의 순서</translation>
    </message>
    <message>
        <source>How many photos there are of each label</source>
        <translation>라벨별 사진 수</translation>
    </message>
    <message>
        <source>Photos and their labels</source>
        <translation>사진과 라벨</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>Often</source>
        <translation>자주</translation>
    </message>
    <message>
        <source>A photo that looks unlike what the model has learnt is shown as “Not sure” instead of with a label that may be wrong.</source>
        <translation>모델이 학습한 것과 달라 보이는 사진은 틀릴지도 모를 라벨 대신 “잘 모르겠음”으로 표시합니다.</translation>
    </message>
    <message>
        <source>Threshold for “not sure”</source>
        <translation>“잘 모르겠음”을 얼마나 쉽게 말할지</translation>
    </message>
    <message>
        <source>Reset to the model&apos;s own</source>
        <translation>모델의 기본값으로</translation>
    </message>
    <message>
        <source>Type a label… (Ctrl+L)</source>
        <translation>라벨 입력… (Ctrl+L)</translation>
    </message>
    <message>
        <source>What is in the selected photos</source>
        <translation>선택한 사진에 있는 것</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) not sure</source>
        <translation>
            <numerusform>잘 모르겠는 사진 %n장</numerusform>
        </translation>
    </message>
    <message>
        <source>Never: every photo gets a label.</source>
        <translation>쓰지 않음: 모든 사진에 라벨을 붙입니다.</translation>
    </message>
    <message>
        <source>Unfamiliar photos are “not sure”; {share} of right answers stay.</source>
        <translation>낯선 사진은 “잘 모르겠음”이 되고, 정답의 {share}는 그대로 둡니다.</translation>
    </message>
    <message>
        <source>Below a confidence of {share}.</source>
        <translation>확신도가 {share}보다 낮을 때.</translation>
    </message>
    <message>
        <source>The photos look unlike those that the model learnt from. Move the slider to the left to see what it would guess.</source>
        <translation>모델이 학습한 사진과 많이 다릅니다. 슬라이더를 왼쪽으로 옮기면 추측한 답을 볼 수 있습니다.</translation>
    </message>
    <message numerus="yes">
        <source>%n SELECTED</source>
        <translation>
            <numerusform>%n장 선택</numerusform>
        </translation>
    </message>
    <message>
        <source>Press 1 to 5 to choose a label, Return to enlarge, Ctrl+Z to undo.</source>
        <translation>1~5 키로 라벨을 고르고, Enter로 사진을 크게 보고, Ctrl+Z로 실행 취소합니다.</translation>
    </message>
    <message>
        <source>Select photos to correct their labels.</source>
        <translation>라벨을 고치려면 사진을 선택하세요.</translation>
    </message>
</context>
<context>
    <name>Recipe</name>
    <message>
        <source>How much the teacher&apos;s answers are softened.</source>
        <translation>교사의 답을 얼마나 부드럽게 할지입니다.</translation>
    </message>
    <message>
        <source>How much the teacher&apos;s features are matched, block by block.</source>
        <translation>블록마다 특징을 맞추는 손실의 가중치입니다.</translation>
    </message>
    <message>
        <source>The share of pictures that are mixed before the teacher sees them.</source>
        <translation>교사가 보기 전에 섞는 사진의 비율입니다.</translation>
    </message>
    <message>
        <source>Epochs at the start in which each block learns by itself.</source>
        <translation>처음에 블록마다 따로 학습하는 에포크 수입니다.</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>모델</translation>
    </message>
    <message>
        <source>Start from</source>
        <translation>시작 가중치</translation>
    </message>
    <message>
        <source>Layers trained</source>
        <translation>학습할 부분</translation>
    </message>
    <message>
        <source>Head</source>
        <translation>출력층</translation>
    </message>
    <message>
        <source>Width of the hidden layer</source>
        <translation>은닉층의 너비</translation>
    </message>
    <message>
        <source>Its number of units.</source>
        <translation>은닉층의 유닛 수입니다.</translation>
    </message>
    <message>
        <source>Dropout</source>
        <translation>드롭아웃</translation>
    </message>
    <message>
        <source>The share of the head&apos;s inputs left out at random.</source>
        <translation>출력층의 입력 가운데 무작위로 빼는 비율입니다.</translation>
    </message>
    <message>
        <source>BatchNorm of frozen stages</source>
        <translation>고정된 단계의 배치 정규화</translation>
    </message>
    <message>
        <source>Rate of earlier stages</source>
        <translation>앞 단계의 학습률</translation>
    </message>
    <message>
        <source>Each stage learns at so many times the rate of the next; 1 for all alike.</source>
        <translation>각 단계는 다음 단계 학습률에 이 값을 곱한 만큼 배웁니다. 1이면 모두 같습니다.</translation>
    </message>
    <message>
        <source>Picture size</source>
        <translation>사진 크기</translation>
    </message>
    <message>
        <source>Side of the square that the model sees, in pixels: more shows more, and takes longer.</source>
        <translation>모델이 보는 정사각형의 한 변(픽셀)입니다. 크면 더 자세히 보지만 오래 걸립니다.</translation>
    </message>
    <message>
        <source>Fit to a square</source>
        <translation>정사각형으로 만드는 방법</translation>
    </message>
    <message>
        <source>Augmentation</source>
        <translation>데이터 증강</translation>
    </message>
    <message>
        <source>Views of each photo</source>
        <translation>사진마다 변형 수</translation>
    </message>
    <message>
        <source>Drawn once, so that frozen stages see each only once; 0 draws new ones in every epoch.</source>
        <translation>한 번만 만들어 고정된 단계가 한 번씩만 봅니다. 0이면 에포크마다 새로 만듭니다.</translation>
    </message>
    <message>
        <source>Mixup</source>
        <translation>Mixup</translation>
    </message>
    <message>
        <source>Blends photos in pairs; 0.2 is usual, 0 for none.</source>
        <translation>사진을 두 장씩 섞습니다. 보통 0.2이며, 0이면 섞지 않습니다.</translation>
    </message>
    <message>
        <source>CutMix</source>
        <translation>CutMix</translation>
    </message>
    <message>
        <source>Pastes parts of other photos in; 1 is usual, 0 for none.</source>
        <translation>다른 사진의 일부를 붙여 넣습니다. 보통 1이며, 0이면 하지 않습니다.</translation>
    </message>
    <message>
        <source>Balance the classes</source>
        <translation>클래스 균형 맞추기</translation>
    </message>
    <message>
        <source>Photos of rare classes are shown as often as those of frequent ones.</source>
        <translation>드문 클래스의 사진도 흔한 클래스만큼 자주 보여 줍니다.</translation>
    </message>
    <message>
        <source>Maximum epochs</source>
        <translation>최대 에포크</translation>
    </message>
    <message>
        <source>How many times the model sees all photos.</source>
        <translation>모든 사진을 몇 번 볼지 정합니다.</translation>
    </message>
    <message>
        <source>Batch size</source>
        <translation>배치 크기</translation>
    </message>
    <message>
        <source>Photos a step; 0 chooses by their number.</source>
        <translation>한 단계에 쓰는 사진 수입니다. 0이면 사진 수에 따라 정합니다.</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>학습률</translation>
    </message>
    <message>
        <source>Of the head and the last stage, at its highest; lower it when the loss jumps about.</source>
        <translation>출력층과 마지막 단계의 가장 높은 학습률입니다. 손실이 들쭉날쭉하면 낮추세요.</translation>
    </message>
    <message>
        <source>Weight decay</source>
        <translation>가중치 감쇠</translation>
    </message>
    <message>
        <source>Pulls weights towards zero, against overfitting.</source>
        <translation>과적합을 막도록 가중치를 0 쪽으로 당깁니다.</translation>
    </message>
    <message>
        <source>Label smoothing</source>
        <translation>라벨 스무딩</translation>
    </message>
    <message>
        <source>Keeps the model from being too sure.</source>
        <translation>모델이 지나치게 확신하지 않도록 하는 정도입니다.</translation>
    </message>
    <message>
        <source>Schedule of the learning rate</source>
        <translation>학습률 스케줄</translation>
    </message>
    <message>
        <source>First restart after</source>
        <translation>첫 리스타트까지</translation>
    </message>
    <message>
        <source>With warm restarts: epochs before the first.</source>
        <translation>웜 리스타트에서 첫 리스타트까지의 에포크 수입니다.</translation>
    </message>
    <message>
        <source>Periods grow by</source>
        <translation>주기 증가 배수</translation>
    </message>
    <message>
        <source>With warm restarts: how many times longer each period is.</source>
        <translation>웜 리스타트에서 주기마다 몇 배로 길어지는지 정합니다.</translation>
    </message>
    <message>
        <source>Warm-up</source>
        <translation>워밍업</translation>
    </message>
    <message>
        <source>With one cosine or one cycle: the share of the run in which the rate rises.</source>
        <translation>코사인 한 번이나 원 사이클에서 전체 가운데 학습률이 올라가는 구간의 비율입니다.</translation>
    </message>
    <message>
        <source>Choose the best epoch by</source>
        <translation>최고 에포크 기준</translation>
    </message>
    <message>
        <source>Early stopping (epochs)</source>
        <translation>조기 종료 (에포크)</translation>
    </message>
    <message>
        <source>Stops after this many epochs without improvement; 0 never does.</source>
        <translation>이만큼 에포크가 지나도 나아지지 않으면 멈춥니다. 0이면 멈추지 않습니다.</translation>
    </message>
    <message>
        <source>Average of the weights</source>
        <translation>가중치 평균</translation>
    </message>
    <message>
        <source>Decay a step of the moving average that is kept; 0 for none.</source>
        <translation>저장하는 이동 평균의 단계별 감쇠율입니다. 0이면 쓰지 않습니다.</translation>
    </message>
    <message>
        <source>Teacher</source>
        <translation>교사 모델</translation>
    </message>
    <message>
        <source>Temperature of the teacher</source>
        <translation>증류 온도</translation>
    </message>
    <message>
        <source>Weight of the teacher&apos;s features</source>
        <translation>교사 특징 손실의 가중치</translation>
    </message>
    <message>
        <source>Share of mixed pictures</source>
        <translation>섞은 사진의 비율</translation>
    </message>
    <message>
        <source>Epochs block by block</source>
        <translation>블록별 학습 에포크</translation>
    </message>
    <message>
        <source>Weight of retention</source>
        <translation>기억 유지 가중치</translation>
    </message>
    <message>
        <source>How strongly ImageNet&apos;s classes are held to what they were (Learning without Forgetting); 0 for not at all.</source>
        <translation>ImageNet 클래스에 대한 답을 학습 전과 같게 붙드는 손실의 가중치입니다(Learning without Forgetting). 0이면 붙들지 않습니다.</translation>
    </message>
    <message>
        <source>Temperature of retention</source>
        <translation>기억 유지 온도</translation>
    </message>
    <message>
        <source>How much ImageNet&apos;s answers are softened for that.</source>
        <translation>이때 ImageNet 클래스에 대한 답을 부드럽게 하는 정도입니다.</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>계산 정밀도</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>시드</translation>
    </message>
    <message>
        <source>The same seed repeats the same run.</source>
        <translation>시드가 같으면 같은 학습이 되풀이됩니다.</translation>
    </message>
</context>
<context>
    <name>RecipeForm</name>
    <message>
        <source>Choose a weights file</source>
        <translation>가중치 파일 고르기</translation>
    </message>
    <message>
        <source>Weights ({patterns})</source>
        <translation>가중치 ({patterns})</translation>
    </message>
    <message numerus="yes">
        <source>%n setting(s) differ from the preset.</source>
        <translation>
            <numerusform>프리셋과 다른 설정이 %n개 있습니다.</numerusform>
        </translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>자동</translation>
    </message>
    <message>
        <source>All settings</source>
        <translation>모든 설정</translation>
    </message>
    <message>
        <source>A file…</source>
        <translation>파일…</translation>
    </message>
    <message>
        <source>Weights of the same model, by hand.</source>
        <translation>같은 모델의 가중치 파일을 직접 고릅니다.</translation>
    </message>
</context>
<context>
    <name>RecipeTexts</name>
    <message>
        <source>PRESET</source>
        <translation>프리셋</translation>
    </message>
    <message>
        <source>Quick</source>
        <translation>빠르게</translation>
    </message>
    <message>
        <source>Trains only the head: a usable model in a minute or two, offline.</source>
        <translation>출력층만 학습합니다. 인터넷 없이 1~2분이면 쓸 만한 모델이 됩니다.</translation>
    </message>
    <message>
        <source>Thorough</source>
        <translation>꼼꼼하게</translation>
    </message>
    <message>
        <source>Fine-tunes the last stage of a larger model: better, and slower.</source>
        <translation>더 큰 모델의 마지막 단계까지 미세 조정합니다. 더 정확하지만 느립니다.</translation>
    </message>
    <message>
        <source>Best</source>
        <translation>최고 성능</translation>
    </message>
    <message>
        <source>Fine-tunes everything on varied photos: knows new photos best, and takes hours without a GPU.</source>
        <translation>다양하게 변형한 사진으로 전체를 미세 조정합니다. 새 사진을 가장 잘 알아보지만, GPU가 없으면 몇 시간이 걸립니다.</translation>
    </message>
    <message>
        <source>From scratch</source>
        <translation>처음부터</translation>
    </message>
    <message>
        <source>Random weights, for subjects unlike any photo; needs many photos.</source>
        <translation>무작위 가중치에서 시작합니다. 일반 사진과 전혀 다른 대상에 쓰며, 사진이 많이 필요합니다.</translation>
    </message>
    <message>
        <source>Published study</source>
        <translation>공개 연구 그대로</translation>
    </message>
    <message>
        <source>The published study&apos;s recipe to the letter, to compare with.</source>
        <translation>공개된 연구의 설정을 그대로 따릅니다. 비교용입니다.</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>모델</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>사진</translation>
    </message>
    <message>
        <source>Learning</source>
        <translation>학습</translation>
    </message>
    <message>
        <source>Weights learnt from a million photos; downloaded once.</source>
        <translation>사진 백만 장에서 배운 가중치입니다. 한 번만 내려받습니다.</translation>
    </message>
    <message>
        <source>Weights learnt from a million photos; no download needed.</source>
        <translation>사진 백만 장에서 배운 가중치입니다. 내려받을 것이 없습니다.</translation>
    </message>
    <message>
        <source>Not sure which? EfficientNet-Lite0 is quick, and EfficientNet-Lite2 more accurate. ResNet50 is the classic of the published study.</source>
        <translation>무엇을 고를지 모르겠다면: EfficientNet-Lite0이 빠르고 EfficientNet-Lite2가 더 정확합니다. ResNet50은 공개된 연구에서 쓴 고전적인 네트워크입니다.</translation>
    </message>
    <message>
        <source>Not sure which? Of those that need no download, EfficientNet-Lite0 is quicker and EfficientNet-Lite2 more accurate. ResNet50 is the classic of the published study: a download of {size}.</source>
        <translation>무엇을 고를지 모르겠다면: 내려받지 않아도 되는 것 가운데 EfficientNet-Lite0이 더 빠르고 EfficientNet-Lite2가 더 정확합니다. ResNet50은 공개된 연구에서 쓴 고전적인 네트워크로, {size}를 내려받습니다.</translation>
    </message>
    <message>
        <source>A network of timm&apos;s; mind the licence of its weights.</source>
        <translation>timm의 네트워크입니다. 가중치의 라이선스를 확인하세요.</translation>
    </message>
    <message>
        <source>Modern and accurate, and slow.</source>
        <translation>최신이고 정확하며, 느립니다.</translation>
    </message>
    <message>
        <source>A little larger and more accurate than Lite0.</source>
        <translation>Lite0보다 조금 크고 더 정확합니다.</translation>
    </message>
    <message>
        <source>The quickest, for weak computers.</source>
        <translation>가장 빨라 사양이 낮은 컴퓨터에 알맞습니다.</translation>
    </message>
    <message>
        <source>Quick, and nearly as accurate as large ones.</source>
        <translation>빠르면서도 큰 모델만큼 정확한 편입니다.</translation>
    </message>
    <message>
        <source>Accurate for its size; slow to train.</source>
        <translation>크기에 비해 정확하고, 학습은 느립니다.</translation>
    </message>
    <message>
        <source>Very accurate; learnt of 21,000 kinds of things.</source>
        <translation>매우 정확하며, 2만 1천 가지 사물을 배웠습니다.</translation>
    </message>
    <message>
        <source>The most accurate, and the slowest.</source>
        <translation>가장 정확하고, 가장 느립니다.</translation>
    </message>
    <message>
        <source>A transformer that learnt without labels; good where only the head is taught.</source>
        <translation>라벨 없이 배운 트랜스포머입니다. 출력층만 학습할 때 좋습니다.</translation>
    </message>
    <message>
        <source>ImageNet weights: {licence}, not for commercial use.</source>
        <translation>ImageNet 가중치: {licence}, 상업적으로 쓸 수 없습니다.</translation>
    </message>
    <message>
        <source>ImageNet weights: {licence}.</source>
        <translation>ImageNet 가중치: {licence}.</translation>
    </message>
    <message>
        <source>Accurate, and slow without a GPU.</source>
        <translation>정확하지만 GPU가 없으면 느립니다.</translation>
    </message>
    <message>
        <source>Small; overfits more easily.</source>
        <translation>작지만 과적합되기 쉽습니다.</translation>
    </message>
    <message>
        <source>A third of ResNet50&apos;s work.</source>
        <translation>계산량이 ResNet50의 3분의 1입니다.</translation>
    </message>
    <message>
        <source>Small and very quick, for weak computers.</source>
        <translation>작고 아주 빨라 사양이 낮은 컴퓨터에 알맞습니다.</translation>
    </message>
    <message>
        <source>Small and quick on any computer.</source>
        <translation>작고 어느 컴퓨터에서나 빠릅니다.</translation>
    </message>
    <message>
        <source>Small and quick; starts without a download.</source>
        <translation>작고 빠르며, 내려받지 않고 시작합니다.</translation>
    </message>
    <message>
        <source>More accurate than Lite0, and half as quick; starts without a download.</source>
        <translation>Lite0보다 정확하고 속도는 절반이며, 내려받지 않고 시작합니다.</translation>
    </message>
    <message>
        <source>An improved ResNet50, taught in a modern way.</source>
        <translation>ResNet50을 개선하여 최신 방식으로 학습한 모델입니다.</translation>
    </message>
    <message>
        <source>An improved ResNet18, taught in a modern way.</source>
        <translation>ResNet18을 개선하여 최신 방식으로 학습한 모델입니다.</translation>
    </message>
    <message>
        <source>Small, and quick to train.</source>
        <translation>작고 학습이 빠릅니다.</translation>
    </message>
    <message>
        <source>Or type timm/NAME for any other network of timm&apos;s.</source>
        <translation>timm의 다른 네트워크는 timm/NAME처럼 이름을 입력하세요.</translation>
    </message>
    <message>
        <source>Starter model</source>
        <translation>기본 모델</translation>
    </message>
    <message>
        <source>Knows fruit and vegetables already; needs no download.</source>
        <translation>이미 과일과 채소를 알고 있어 내려받을 것이 없습니다.</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>Random weights: needs thousands of photos and hours.</source>
        <translation>무작위 가중치입니다. 사진 수천 장과 몇 시간이 필요합니다.</translation>
    </message>
    <message>
        <source>Head only</source>
        <translation>출력층만</translation>
    </message>
    <message>
        <source>Fastest; enough for few photos.</source>
        <translation>가장 빠릅니다. 사진이 적을 때 충분합니다.</translation>
    </message>
    <message>
        <source>Last stage and head</source>
        <translation>마지막 단계와 출력층</translation>
    </message>
    <message>
        <source>A good balance of time and accuracy.</source>
        <translation>시간과 정확도의 균형이 좋습니다.</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>전체</translation>
    </message>
    <message>
        <source>Slowest; for many photos.</source>
        <translation>가장 느립니다. 사진이 많을 때 좋습니다.</translation>
    </message>
    <message>
        <source>Gradually everything</source>
        <translation>단계적으로 전체</translation>
    </message>
    <message>
        <source>Starts with the head, and thaws one stage after another.</source>
        <translation>출력층부터 시작해 한 단계씩 풀어 갑니다.</translation>
    </message>
    <message>
        <source>Frozen too</source>
        <translation>함께 고정</translation>
    </message>
    <message>
        <source>As it should be; their output is computed only once.</source>
        <translation>올바른 방식입니다. 고정된 단계의 출력은 한 번만 계산합니다.</translation>
    </message>
    <message>
        <source>Keeps updating</source>
        <translation>계속 갱신</translation>
    </message>
    <message>
        <source>As in the published study; every epoch is computed in full.</source>
        <translation>공개 연구와 같은 방식입니다. 에포크마다 전부 계산합니다.</translation>
    </message>
    <message>
        <source>Trained stages too</source>
        <translation>학습하는 단계도 고정</translation>
    </message>
    <message>
        <source>The statistics of trained stages are kept as well.</source>
        <translation>학습하는 단계의 통계도 그대로 둡니다.</translation>
    </message>
    <message>
        <source>Hidden layer</source>
        <translation>은닉층 있음</translation>
    </message>
    <message>
        <source>Linear, ReLU, dropout, linear, as in the published study.</source>
        <translation>공개 연구처럼 선형, ReLU, 드롭아웃, 선형 순서입니다.</translation>
    </message>
    <message>
        <source>Linear</source>
        <translation>선형</translation>
    </message>
    <message>
        <source>Dropout and one linear layer.</source>
        <translation>드롭아웃과 선형 층 하나입니다.</translation>
    </message>
    <message>
        <source>Joint with ImageNet&apos;s</source>
        <translation>ImageNet과 결합</translation>
    </message>
    <message>
        <source>One linear layer beside ImageNet&apos;s own, whose classes it keeps.</source>
        <translation>ImageNet 클래스를 그대로 둔 채 그 층 옆에 선형 층 하나를 둡니다.</translation>
    </message>
    <message>
        <source>Squash</source>
        <translation>눌러서 맞추기</translation>
    </message>
    <message>
        <source>All of the photo, out of proportion.</source>
        <translation>사진 전체를 쓰지만 비율이 바뀝니다.</translation>
    </message>
    <message>
        <source>Crop</source>
        <translation>자르기</translation>
    </message>
    <message>
        <source>The middle of the photo, in proportion.</source>
        <translation>비율을 지키고 가운데만 씁니다.</translation>
    </message>
    <message>
        <source>Not at all</source>
        <translation>하지 않음</translation>
    </message>
    <message>
        <source>Fastest; overfits soonest.</source>
        <translation>가장 빠르지만 과적합이 가장 쉽게 생깁니다.</translation>
    </message>
    <message>
        <source>A little</source>
        <translation>약하게</translation>
    </message>
    <message>
        <source>Small crops, turns and changes of light.</source>
        <translation>조금 자르고 돌리고 밝기를 바꿉니다.</translation>
    </message>
    <message>
        <source>Strongly</source>
        <translation>강하게</translation>
    </message>
    <message>
        <source>Large crops, turns, changes of light, and erased patches.</source>
        <translation>크게 자르고 돌리고 밝기를 바꾸며, 일부를 지웁니다.</translation>
    </message>
    <message>
        <source>Warm restarts</source>
        <translation>웜 리스타트</translation>
    </message>
    <message>
        <source>Falls along a cosine, and starts again, as in the published study.</source>
        <translation>공개 연구처럼 코사인으로 내려가다 다시 시작합니다.</translation>
    </message>
    <message>
        <source>One cosine</source>
        <translation>코사인 한 번</translation>
    </message>
    <message>
        <source>Warms up, then falls to zero over the whole run.</source>
        <translation>천천히 올라간 뒤 학습이 끝날 때까지 0으로 내려갑니다.</translation>
    </message>
    <message>
        <source>One cycle</source>
        <translation>원 사이클</translation>
    </message>
    <message>
        <source>Warms up high while momentum falls, then cools down.</source>
        <translation>모멘텀을 낮추며 높이 올라간 뒤 내려갑니다.</translation>
    </message>
    <message>
        <source>On plateau</source>
        <translation>정체될 때</translation>
    </message>
    <message>
        <source>Halves when the validation loss has not fallen for 3 epochs.</source>
        <translation>검증 손실이 3에포크 동안 줄지 않으면 절반으로 낮춥니다.</translation>
    </message>
    <message>
        <source>Constant</source>
        <translation>일정</translation>
    </message>
    <message>
        <source>Stays as it is.</source>
        <translation>바뀌지 않습니다.</translation>
    </message>
    <message>
        <source>Validation loss</source>
        <translation>검증 손실</translation>
    </message>
    <message>
        <source>The steadier measure, as in the published study.</source>
        <translation>더 안정적인 기준이며 공개 연구와 같습니다.</translation>
    </message>
    <message>
        <source>Validation accuracy</source>
        <translation>검증 정확도</translation>
    </message>
    <message>
        <source>The share of right answers; among equals, the lower loss.</source>
        <translation>맞힌 비율입니다. 같으면 손실이 낮은 쪽을 고릅니다.</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>자동</translation>
    </message>
    <message>
        <source>16 bits where they are measured to be faster.</source>
        <translation>측정해 보고 더 빠르면 16비트를 씁니다.</translation>
    </message>
    <message>
        <source>32 bits</source>
        <translation>32비트</translation>
    </message>
    <message>
        <source>At times slower, and the same everywhere.</source>
        <translation>느릴 때가 있지만 어디서나 결과가 같습니다.</translation>
    </message>
</context>
<context>
    <name>RecordPanel</name>
    <message>
        <source>My photos</source>
        <translation>내 사진</translation>
    </message>
    <message>
        <source>Teach by showing</source>
        <translation>보여 주며 가르치기</translation>
    </message>
    <message>
        <source>PHOTOS GO TO</source>
        <translation>사진을 넣을 곳</translation>
    </message>
    <message>
        <source>Photos a second</source>
        <translation>초당 사진 수</translation>
    </message>
    <message>
        <source>Most photos taken per second while recording</source>
        <translation>녹화할 때 초당 찍는 최대 사진 수</translation>
    </message>
    <message>
        <source>{rate} a second</source>
        <translation>초당 {rate}장</translation>
    </message>
    <message>
        <source>Add a class, such as “Mango”</source>
        <translation>클래스 추가 (예: 망고)</translation>
    </message>
    <message>
        <source>Learn at once</source>
        <translation>바로 배우기</translation>
    </message>
    <message>
        <source>The model in use learns the recording as soon as you release the button</source>
        <translation>버튼을 놓으면 사용 중인 모델이 녹화한 것을 바로 배웁니다</translation>
    </message>
    <message>
        <source>Name of a class</source>
        <translation>클래스 이름</translation>
    </message>
    <message>
        <source>Train with these photos</source>
        <translation>이 사진으로 학습</translation>
    </message>
    <message>
        <source>“{typed}” is called “{name}” here: its folder could not have that name.</source>
        <translation>“{typed}” 이름으로는 폴더를 만들 수 없어 “{name}”(으)로 부릅니다.</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) are in the trash.</source>
        <translation>
            <numerusform>사진 %n장을 휴지통으로 옮겼습니다.</numerusform>
        </translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>실행 취소</translation>
    </message>
    <message>
        <source>Start the camera, then add the classes that it should tell apart.</source>
        <translation>카메라를 시작한 뒤 구별할 클래스를 추가하세요.</translation>
    </message>
    <message>
        <source>Add the classes that the model should tell apart.</source>
        <translation>모델이 구별할 클래스를 추가하세요.</translation>
    </message>
    <message>
        <source>To train a model of these alone, record at least two classes.</source>
        <translation>이 사진만으로 새 모델을 학습하려면 클래스를 두 개 이상 녹화하세요.</translation>
    </message>
    <message>
        <source>Record “{name}” once more, from another side or in another place: one recording is set aside to check what was learnt.</source>
        <translation>“{name}” 클래스를 다른 면이나 다른 곳에서 한 번 더 녹화하세요. 녹화 하나는 배운 것을 확인하는 데 씁니다.</translation>
    </message>
</context>
<context>
    <name>RejectionChart</name>
    <message>
        <source>Threshold {threshold}: no photo gets an answer</source>
        <translation>기준 {threshold}: 답하는 사진이 없습니다</translation>
    </message>
    <message>
        <source>Threshold {threshold} (the model&apos;s default): {answered} of photos get an answer, {accuracy} of them right</source>
        <translation>기준 {threshold}(모델 기본값): 사진의 {answered}에 답하고, 그 답의 {accuracy}가 맞습니다</translation>
    </message>
    <message>
        <source>Threshold {threshold}: {answered} of photos get an answer, {accuracy} of them right</source>
        <translation>기준 {threshold}: 사진의 {answered}에 답하고, 그 답의 {accuracy}가 맞습니다</translation>
    </message>
    <message>
        <source>What the threshold does</source>
        <translation>기준에 따른 변화</translation>
    </message>
    <message>
        <source>Threshold (least familiarity)</source>
        <translation>기준 (최소 익숙함)</translation>
    </message>
    <message>
        <source>Accuracy of the answers</source>
        <translation>답한 사진의 정확도</translation>
    </message>
    <message>
        <source>Photos with an answer</source>
        <translation>답한 비율</translation>
    </message>
</context>
<context>
    <name>ReliabilityDiagram</name>
    <message numerus="yes">
        <source>%n photo(s) between {low} and {high} sure: {confidence} sure on average, {accuracy} right</source>
        <translation>
            <numerusform>확신도 {low}~{high}인 사진 %n장: 평균 확신도 {confidence}, 정확도 {accuracy}</numerusform>
        </translation>
    </message>
    <message>
        <source>How often answers are right, by how sure they are</source>
        <translation>확신도별 정확도</translation>
    </message>
    <message>
        <source>accuracy</source>
        <translation>정확도</translation>
    </message>
    <message>
        <source>too sure</source>
        <translation>지나치게 높은 확신도</translation>
    </message>
    <message>
        <source>not sure enough</source>
        <translation>지나치게 낮은 확신도</translation>
    </message>
    <message>
        <source>confidence = accuracy</source>
        <translation>확신도 = 정확도</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>확신도</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>정확도</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>사진</translation>
    </message>
</context>
<context>
    <name>RunBar</name>
    <message numerus="yes">
        <source>%n run(s)</source>
        <translation>
            <numerusform>기록 %n건</numerusform>
        </translation>
    </message>
    <message>
        <source>{shown} of {count}</source>
        <translation>{count}건 중 {shown}건</translation>
    </message>
    <message>
        <source>All</source>
        <translation>전체</translation>
    </message>
    <message>
        <source>Starred</source>
        <translation>별표</translation>
    </message>
    <message>
        <source>Trash</source>
        <translation>휴지통</translation>
    </message>
    <message>
        <source>Name, note, model, photos, state…</source>
        <translation>이름, 메모, 모델, 사진, 상태…</translation>
    </message>
    <message>
        <source>Find runs (Ctrl+F)</source>
        <translation>학습 기록 찾기 (Ctrl+F)</translation>
    </message>
</context>
<context>
    <name>RunBrowser</name>
    <message>
        <source>Select a run to see how it went, or several to compare them.</source>
        <translation>학습 기록을 하나 고르면 자세히 보고, 여럿 고르면 비교할 수 있습니다.</translation>
    </message>
    <message>
        <source>No run matches.</source>
        <translation>검색 결과가 없습니다.</translation>
    </message>
    <message>
        <source>All runs are in the trash.</source>
        <translation>학습 기록이 모두 휴지통에 있습니다.</translation>
    </message>
    <message>
        <source>Star a run to find it here.</source>
        <translation>학습 기록에 별표를 달면 여기에 나옵니다.</translation>
    </message>
    <message>
        <source>The trash is empty.</source>
        <translation>휴지통이 비어 있습니다.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>다시 시도</translation>
    </message>
    <message>
        <source>“{name}” is being trained. Stop it, then delete it.</source>
        <translation>“{name}” 모델을 학습하고 있습니다. 학습을 멈춘 뒤 삭제하세요.</translation>
    </message>
    <message numerus="yes">
        <source>%n run(s) moved to the trash.</source>
        <translation>
            <numerusform>학습 기록 %n건을 휴지통으로 옮겼습니다.</numerusform>
        </translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>실행 취소</translation>
    </message>
    <message numerus="yes">
        <source>%n run(s) restored.</source>
        <translation>
            <numerusform>학습 기록 %n건을 복원했습니다.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n run(s) removed for good.</source>
        <translation>
            <numerusform>학습 기록 %n건을 완전히 지웠습니다.</numerusform>
        </translation>
    </message>
    <message>
        <source>Training runs</source>
        <translation>학습 기록</translation>
    </message>
    <message>
        <source>No training runs yet</source>
        <translation>아직 학습 기록이 없습니다</translation>
    </message>
    <message>
        <source>Train a model on the Train page.
Every run is kept here, with its curves, its figures and its model.</source>
        <translation>학습 화면에서 모델을 학습하세요.
학습할 때마다 곡선, 수치, 모델이 여기에 남습니다.</translation>
    </message>
</context>
<context>
    <name>RunComparison</name>
    <message numerus="yes">
        <source>%n run(s) selected</source>
        <translation>
            <numerusform>학습 기록 %n건 선택</numerusform>
        </translation>
    </message>
    <message>
        <source>The first {count} of them:</source>
        <translation>그중 처음 {count}건:</translation>
    </message>
    <message numerus="yes">
        <source>Delete %n run(s)</source>
        <translation>
            <numerusform>기록 %n건 삭제</numerusform>
        </translation>
    </message>
    <message>
        <source>Remove the stars</source>
        <translation>별표 모두 해제</translation>
    </message>
    <message>
        <source>Star all</source>
        <translation>모두 별표</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>사진</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>장치</translation>
    </message>
    <message>
        <source>95% interval</source>
        <translation>95% 신뢰구간</translation>
    </message>
    <message>
        <source>DIFFERENCES AND RESULTS</source>
        <translation>다른 설정과 결과</translation>
    </message>
    <message>
        <source>Differences and results</source>
        <translation>다른 설정과 결과</translation>
    </message>
    <message>
        <source>Move to the trash (Delete)</source>
        <translation>휴지통으로 옮기기 (Delete)</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>복원</translation>
    </message>
</context>
<context>
    <name>RunCurves</name>
    <message>
        <source>CURVES</source>
        <translation>곡선</translation>
    </message>
    <message>
        <source>Validation accuracy</source>
        <translation>검증 정확도</translation>
    </message>
    <message>
        <source>Validation loss</source>
        <translation>검증 손실</translation>
    </message>
    <message>
        <source>Training accuracy</source>
        <translation>학습 정확도</translation>
    </message>
    <message>
        <source>Training loss</source>
        <translation>학습 손실</translation>
    </message>
    <message>
        <source>Gap between training and validation</source>
        <translation>학습과 검증의 격차</translation>
    </message>
    <message>
        <source>Curves by epoch</source>
        <translation>에포크별 곡선</translation>
    </message>
</context>
<context>
    <name>RunDetails</name>
    <message>
        <source>Photos: {path}</source>
        <translation>사진: {path}</translation>
    </message>
    <message>
        <source>{choice}: {value} instead of {other}</source>
        <translation>{choice}: {value} (프리셋 {other})</translation>
    </message>
    <message>
        <source>Same as the preset “{name}”.</source>
        <translation>모두 프리셋 “{name}” 그대로입니다.</translation>
    </message>
    <message>
        <source>Preset “{name}”, except:</source>
        <translation>프리셋 “{name}”에서 다른 설정:</translation>
    </message>
    <message>
        <source>Remove the star</source>
        <translation>별표 해제</translation>
    </message>
    <message>
        <source>Star</source>
        <translation>별표 달기</translation>
    </message>
    <message>
        <source>Name of the run</source>
        <translation>학습 기록의 이름</translation>
    </message>
    <message>
        <source>Name of the run (F2)</source>
        <translation>학습 기록의 이름 (F2)</translation>
    </message>
    <message>
        <source>NOTE</source>
        <translation>메모</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>메모</translation>
    </message>
    <message>
        <source>Notes on this run</source>
        <translation>이 학습에 대해 기억할 내용</translation>
    </message>
    <message>
        <source>SETTINGS</source>
        <translation>설정</translation>
    </message>
    <message>
        <source>FOLDER</source>
        <translation>폴더</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>모델</translation>
    </message>
    <message>
        <source>Continue training</source>
        <translation>학습 계속</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>복원</translation>
    </message>
    <message>
        <source>Use this model</source>
        <translation>이 모델 사용</translation>
    </message>
    <message>
        <source>Evaluate</source>
        <translation>평가</translation>
    </message>
    <message>
        <source>Open in Train</source>
        <translation>학습에서 열기</translation>
    </message>
    <message>
        <source>Report…</source>
        <translation>보고서…</translation>
    </message>
    <message>
        <source>Move to the trash (Delete)</source>
        <translation>휴지통으로 옮기기 (Delete)</translation>
    </message>
</context>
<context>
    <name>RunFigures</name>
    <message>
        <source>Of all such photos, the range is 95% certain (Wilson&apos;s interval).</source>
        <translation>이런 사진 전체에서의 정확도는 95% 신뢰도로 이 범위에 있습니다(Wilson 구간).</translation>
    </message>
    <message>
        <source>Validation</source>
        <translation>검증</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>테스트</translation>
    </message>
    <message>
        <source>Photos that neither taught nor chose the model.</source>
        <translation>모델을 학습하거나 고르는 데 쓰지 않은 사진입니다.</translation>
    </message>
    <message>
        <source>Gap</source>
        <translation>격차</translation>
    </message>
    <message>
        <source>Training accuracy minus validation accuracy: large if the model has memorised its training photos (overfitting).</source>
        <translation>학습 정확도에서 검증 정확도를 뺀 값입니다. 사진을 외우면 커집니다(과적합).</translation>
    </message>
    <message>
        <source>Macro F1</source>
        <translation>매크로 F1</translation>
    </message>
    <message>
        <source>Precision and recall in one, the mean over all classes.</source>
        <translation>정밀도와 재현율을 합친 값의 클래스 평균입니다.</translation>
    </message>
    <message>
        <source>ECE</source>
        <translation>ECE</translation>
    </message>
    <message>
        <source>Expected calibration error (ECE): how far the confidence is from the share of right answers.</source>
        <translation>기대 보정 오차(ECE)입니다. 확신도가 실제 정확도와 얼마나 다른지 나타냅니다.</translation>
    </message>
    <message>
        <source>Best epoch</source>
        <translation>최고 에포크</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>시간</translation>
    </message>
    <message>
        <source>Of all epochs, without pauses.</source>
        <translation>일시 정지를 뺀 모든 에포크의 시간입니다.</translation>
    </message>
    <message>
        <source>{epoch} of {epochs}</source>
        <translation>{epoch}/{epochs}</translation>
    </message>
    <message>
        <source>{count} ms a photo</source>
        <translation>사진당 {count} ms</translation>
    </message>
</context>
<context>
    <name>RunPanel</name>
    <message>
        <source>Starting…</source>
        <translation>시작하는 중…</translation>
    </message>
    <message>
        <source>It had not finished its first epoch, so nothing is kept of it yet.</source>
        <translation>첫 에포크를 마치지 못해 아직 남은 것이 없습니다.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>다시 시도</translation>
    </message>
    <message>
        <source>Training failed</source>
        <translation>학습에 실패했습니다</translation>
    </message>
    <message numerus="yes">
        <source>Memory is short: from now on %n photo(s) at a time.</source>
        <translation>
            <numerusform>메모리가 부족해 이제부터 사진을 %n장씩 처리합니다.</numerusform>
        </translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>일시 정지됨</translation>
    </message>
    <message>
        <source>On {device}, {precision}, {batch_size} photos a step</source>
        <translation>{device}, {precision}, 한 단계에 {batch_size}장</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) could not be read and are left out, the last of them “{name}”: {reason}</source>
        <translation>
            <numerusform>읽을 수 없는 사진 %n장을 뺐습니다. 마지막은 “{name}”: {reason}</numerusform>
        </translation>
    </message>
    <message>
        <source>Epoch {epoch} of {epochs}, {time} left</source>
        <translation>에포크 {epoch}/{epochs}, 남은 시간 {time}</translation>
    </message>
    <message>
        <source>Loss {loss}, {speed} photos a second, {memory} of memory</source>
        <translation>손실 {loss}, 초당 {speed}장, 메모리 {memory}</translation>
    </message>
    <message>
        <source>Overfitting: training accuracy {training}, but validation accuracy only {validation}. More photos or stronger augmentation help. The best epoch is kept.</source>
        <translation>과적합: 학습 정확도는 {training}이지만 검증 정확도는 {validation}뿐입니다. 사진을 더 모으거나 데이터 증강을 강하게 하면 도움이 됩니다. 가장 좋은 에포크는 보관됩니다.</translation>
    </message>
    <message>
        <source>Its settings are kept.</source>
        <translation>설정은 그대로 있습니다.</translation>
    </message>
    <message>
        <source>Start again</source>
        <translation>다시 시작</translation>
    </message>
    <message>
        <source>Validation accuracy {accuracy} ({low} to {high}, 95% interval). The best model, from epoch {epoch}, is kept.</source>
        <translation>검증 정확도 {accuracy} (95% 구간 {low}~{high}). 가장 좋은 에포크 {epoch}의 모델을 보관했습니다.</translation>
    </message>
    <message numerus="yes">
        <source>Test accuracy {accuracy} ({low} to {high}), on %n photo(s) that it has never seen.</source>
        <translation>
            <numerusform>한 번도 보지 못한 사진 %n장에서 테스트 정확도 {accuracy} ({low}~{high}).</numerusform>
        </translation>
    </message>
    <message>
        <source>That is much lower: the validation photos are like the training photos, or the starting weights were trained on them. Trust the test accuracy.</source>
        <translation>훨씬 낮습니다. 검증 사진이 학습 사진과 비슷하거나, 시작 가중치가 이미 그 사진들로 학습했기 때문입니다. 테스트 정확도를 믿으세요.</translation>
    </message>
    <message>
        <source>Stopped before the first epoch ended: there is no model.</source>
        <translation>너무 일찍 멈춰(첫 에포크 전) 아직 모델이 없습니다.</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>완료</translation>
    </message>
    <message>
        <source>Done: stopped early, as it no longer improved</source>
        <translation>완료: 더 나아지지 않아 조기 종료했습니다</translation>
    </message>
    <message>
        <source>Stopped, and the best model is kept</source>
        <translation>멈췄고, 가장 좋은 모델을 남겼습니다</translation>
    </message>
    <message>
        <source>Stopped: the loss is no longer a number. Lower the learning rate.</source>
        <translation>멈췄습니다. 손실이 더 이상 숫자가 아닙니다. 학습률을 낮추세요.</translation>
    </message>
    <message>
        <source>Use this model</source>
        <translation>이 모델 사용</translation>
    </message>
    <message>
        <source>Continue training</source>
        <translation>학습 계속</translation>
    </message>
    <message>
        <source>training</source>
        <translation>학습</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>검증</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>손실</translation>
    </message>
    <message>
        <source>Accuracy (%)</source>
        <translation>정확도 (%)</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>에포크</translation>
    </message>
    <message>
        <source>What it has learnt so far is kept.</source>
        <translation>지금까지 배운 내용은 그대로 남아 있습니다.</translation>
    </message>
</context>
<context>
    <name>RunTable</name>
    <message>
        <source>Starred</source>
        <translation>별표</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>모델</translation>
    </message>
    <message>
        <source>Starts from</source>
        <translation>시작 가중치</translation>
    </message>
    <message>
        <source>Layers trained</source>
        <translation>학습한 부분</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>사진</translation>
    </message>
    <message>
        <source>Best epoch</source>
        <translation>최고 에포크</translation>
    </message>
    <message>
        <source>Validation</source>
        <translation>검증</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>테스트</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>시간</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>장치</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>날짜</translation>
    </message>
    <message>
        <source>State</source>
        <translation>상태</translation>
    </message>
    <message>
        <source>Not starred</source>
        <translation>별표 없음</translation>
    </message>
    <message>
        <source>Star</source>
        <translation>별표 달기</translation>
    </message>
    <message>
        <source>Remove the star</source>
        <translation>별표 해제</translation>
    </message>
    <message>
        <source>{low_to_high} at 95% certainty, of {count} photos</source>
        <translation>사진 {count}장, 95% 신뢰구간 {low_to_high}</translation>
    </message>
</context>
<context>
    <name>RunTexts</name>
    <message>
        <source>seed {seed}</source>
        <translation>시드 {seed}</translation>
    </message>
    <message>
        <source>Being trained</source>
        <translation>학습 중</translation>
    </message>
    <message>
        <source>Completed</source>
        <translation>완료</translation>
    </message>
    <message>
        <source>Stopped early</source>
        <translation>조기 종료</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>중지됨</translation>
    </message>
    <message>
        <source>Diverged</source>
        <translation>발산</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>실패</translation>
    </message>
    <message>
        <source>Interrupted</source>
        <translation>중단됨</translation>
    </message>
    <message>
        <source>A window or terminal on this computer trains it now.</source>
        <translation>이 컴퓨터의 다른 창이나 터미널에서 지금 학습하고 있습니다.</translation>
    </message>
    <message>
        <source>All epochs were trained.</source>
        <translation>모든 에포크를 학습했습니다.</translation>
    </message>
    <message>
        <source>It no longer improved.</source>
        <translation>더 나아지지 않아 조기 종료했습니다.</translation>
    </message>
    <message>
        <source>You stopped it; its best model is kept.</source>
        <translation>사용자가 멈췄고, 가장 좋은 모델을 남겼습니다.</translation>
    </message>
    <message>
        <source>The loss was no longer a number; the best epoch before is kept.</source>
        <translation>손실이 숫자가 아니게 되어 끝났고, 그 전의 최고 에포크를 남겼습니다.</translation>
    </message>
    <message>
        <source>The program ended while it was being trained. It can go on.</source>
        <translation>학습하는 동안 프로그램이 끝났습니다. 이어서 할 수 있습니다.</translation>
    </message>
    <message>
        <source>{count} s</source>
        <translation>{count}초</translation>
    </message>
    <message>
        <source>{count} min</source>
        <translation>{count}분</translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation>{hours}시간 {minutes}분</translation>
    </message>
</context>
<context>
    <name>RunTrashBar</name>
    <message>
        <source>Empty the trash</source>
        <translation>휴지통 비우기</translation>
    </message>
    <message>
        <source>Empty the trash ({size})</source>
        <translation>휴지통 비우기 ({size})</translation>
    </message>
    <message numerus="yes">
        <source>Remove %n run(s) and their models for good?</source>
        <translation>
            <numerusform>학습 기록 %n건과 그 모델을 완전히 지울까요?</numerusform>
        </translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>지우기</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
</context>
<context>
    <name>SectionView</name>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>사진 %n장</numerusform>
        </translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>사진</translation>
    </message>
    <message>
        <source>Keep one of each</source>
        <translation>한 장씩만 남기기</translation>
    </message>
    <message>
        <source>Leaves out all others, if they are of one class</source>
        <translation>클래스가 같으면 나머지를 모두 제외합니다</translation>
    </message>
    <message>
        <source>Files that are not used</source>
        <translation>쓰이지 않는 파일</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Fruitgui {version}, under the MIT licence. Model in use: {model} ({engine}).</source>
        <translation>Fruitgui {version}, MIT 라이선스. 사용 중인 모델: {model} ({engine}).</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>설정</translation>
    </message>
    <message>
        <source>General</source>
        <translation>일반</translation>
    </message>
    <message>
        <source>Computing</source>
        <translation>계산</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>저장 공간</translation>
    </message>
    <message>
        <source>About</source>
        <translation>정보</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>언어</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>화면 모드</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>글자 크기</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>장치</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>계산 정밀도</translation>
    </message>
    <message>
        <source>Your data</source>
        <translation>내 데이터</translation>
    </message>
    <message>
        <source>Cache</source>
        <translation>캐시</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>로그</translation>
    </message>
    <message>
        <source>More</source>
        <translation>기타</translation>
    </message>
    <message>
        <source>Same as system</source>
        <translation>시스템 설정 사용</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>밝게</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>어둡게</translation>
    </message>
    <message>
        <source>Automatic (fastest)</source>
        <translation>자동(가장 빠르게)</translation>
    </message>
    <message>
        <source>CPU only</source>
        <translation>CPU만</translation>
    </message>
    <message>
        <source>32-bit, same results on every computer</source>
        <translation>32비트, 모든 컴퓨터에서 같은 결과</translation>
    </message>
    <message>
        <source>For models that are loaded or trained from now on.</source>
        <translation>이제부터 불러오거나 학습하는 모델에 적용됩니다.</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>폴더 열기</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>비우기</translation>
    </message>
    <message>
        <source>Show the log</source>
        <translation>로그 보기</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>키보드 단축키</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>라이선스</translation>
    </message>
    <message>
        <source>About Qt</source>
        <translation>Qt 정보</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>키보드 단축키</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>모든 곳</translation>
    </message>
    <message>
        <source>Turn to a page</source>
        <translation>페이지 이동</translation>
    </message>
    <message>
        <source>Show this list</source>
        <translation>이 목록 보기</translation>
    </message>
    <message>
        <source>Go to the next control</source>
        <translation>다음 항목으로 이동</translation>
    </message>
    <message>
        <source>Go back</source>
        <translation>뒤로</translation>
    </message>
    <message>
        <source>Classify</source>
        <translation>분류</translation>
    </message>
    <message>
        <source>Choose photos</source>
        <translation>사진 선택</translation>
    </message>
    <message>
        <source>Paste a picture, files or paths</source>
        <translation>그림, 파일 또는 경로 붙여넣기</translation>
    </message>
    <message>
        <source>Select all photos</source>
        <translation>사진 모두 선택</translation>
    </message>
    <message>
        <source>Copy the selected photos, as a table and as files</source>
        <translation>선택한 사진을 표와 파일로 복사</translation>
    </message>
    <message>
        <source>Take the label at this place</source>
        <translation>그 번호의 라벨 붙이기</translation>
    </message>
    <message>
        <source>Type a label</source>
        <translation>라벨 입력</translation>
    </message>
    <message>
        <source>Remove photos from the list</source>
        <translation>목록에서 사진 빼기</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>실행 취소</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>다시 실행</translation>
    </message>
    <message>
        <source>Enlarge a photo</source>
        <translation>사진 크게 보기</translation>
    </message>
    <message>
        <source>Enlarged photo</source>
        <translation>크게 보는 사진</translation>
    </message>
    <message>
        <source>Previous or next photo</source>
        <translation>이전 또는 다음 사진</translation>
    </message>
    <message>
        <source>Show where the model looks</source>
        <translation>모델이 본 곳 표시</translation>
    </message>
    <message>
        <source>Zoom in, zoom out, fit</source>
        <translation>확대, 축소, 전체 보기</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>카메라</translation>
    </message>
    <message>
        <source>Take a snapshot</source>
        <translation>사진 찍기</translation>
    </message>
    <message>
        <source>Train and Models</source>
        <translation>학습과 모델</translation>
    </message>
    <message>
        <source>Leave photos out, or delete runs</source>
        <translation>사진 제외 또는 학습 기록 삭제</translation>
    </message>
    <message>
        <source>Search the runs</source>
        <translation>학습 기록 검색</translation>
    </message>
    <message>
        <source>Rename a run</source>
        <translation>학습 기록 이름 바꾸기</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>Classify</source>
        <translation>분류</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>카메라</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>학습</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>모델</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>설정</translation>
    </message>
    <message>
        <source>Recognise what is in your photos</source>
        <translation>사진에 무엇이 있는지 알려 줍니다</translation>
    </message>
    <message>
        <source>Recognise what you show to a camera, and teach it by showing</source>
        <translation>카메라에 비춘 것을 알아보고, 보여 주며 가르칩니다</translation>
    </message>
    <message>
        <source>Train a model on your own photos</source>
        <translation>내 사진으로 모델을 학습합니다</translation>
    </message>
    <message>
        <source>See how good your models are, compare and export them</source>
        <translation>모델의 정확도를 보고, 비교하고, 내보냅니다</translation>
    </message>
    <message>
        <source>Language, appearance, storage and more</source>
        <translation>언어, 화면 모드, 저장 공간 등</translation>
    </message>
    <message>
        <source>MODEL IN USE</source>
        <translation>사용 중인 모델</translation>
    </message>
    <message>
        <source>Stopping, then closing…</source>
        <translation>중지한 뒤 닫는 중…</translation>
    </message>
    <message>
        <source>Closes when finished</source>
        <translation>작업이 끝나면 닫힙니다</translation>
    </message>
    <message>
        <source>Stay open</source>
        <translation>닫지 않기</translation>
    </message>
</context>
<context>
    <name>Split</name>
    <message>
        <source>train</source>
        <translation>학습용</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>검증용</translation>
    </message>
    <message>
        <source>test</source>
        <translation>테스트용</translation>
    </message>
</context>
<context>
    <name>Stages</name>
    <message>
        <source>Downloading the weights…</source>
        <translation>가중치를 내려받는 중…</translation>
    </message>
    <message>
        <source>Unpacking the zip…</source>
        <translation>압축을 푸는 중…</translation>
    </message>
    <message>
        <source>Looking through the photos…</source>
        <translation>사진을 살펴보는 중…</translation>
    </message>
    <message>
        <source>Looking for photos that are nearly the same…</source>
        <translation>거의 같은 사진을 찾는 중…</translation>
    </message>
    <message>
        <source>Reading the photos…</source>
        <translation>사진을 읽는 중…</translation>
    </message>
    <message>
        <source>Looking at each photo once…</source>
        <translation>사진을 한 번씩 보는 중…</translation>
    </message>
    <message>
        <source>Calibrating confidence…</source>
        <translation>확신도를 보정하는 중…</translation>
    </message>
    <message>
        <source>Measuring it on the held-out photos…</source>
        <translation>남겨 둔 사진으로 정확도를 재는 중…</translation>
    </message>
    <message>
        <source>Measuring speed…</source>
        <translation>속도를 재는 중…</translation>
    </message>
</context>
<context>
    <name>SynonymEditor</name>
    <message>
        <source>Strict {strict}, merged {merged} ({low} to {high})</source>
        <translation>따로 세면 {strict}, 같은 것으로 묶으면 {merged} ({low}~{high})</translation>
    </message>
    <message>
        <source>Counted as one here: {groups}</source>
        <translation>하나로 보는 클래스: {groups}</translation>
    </message>
    <message>
        <source>None of these groups has two classes that this model knows.</source>
        <translation>이 모델이 아는 클래스가 둘 이상 든 묶음이 없습니다.</translation>
    </message>
    <message>
        <source>One group per line, names separated by commas, as the data set&apos;s folders are called:</source>
        <translation>한 줄에 한 묶음씩, 데이터 세트의 폴더 이름을 쉼표로 나누어 적으세요:</translation>
    </message>
    <message>
        <source>Groups of synonyms</source>
        <translation>동의어 묶음</translation>
    </message>
    <message>
        <source>Keep these groups</source>
        <translation>이 묶음 저장</translation>
    </message>
    <message>
        <source>Restore defaults</source>
        <translation>기본값 복원</translation>
    </message>
</context>
<context>
    <name>TaughtNotice</name>
    <message numerus="yes">
        <source>The model now knows %n kind(s), including {names}.</source>
        <translation>
            <numerusform>이제 모델이 {names} 등 %n종류를 압니다.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The model has learnt from %n photo(s).</source>
        <translation>
            <numerusform>모델이 사진 %n장을 배웠습니다.</numerusform>
        </translation>
    </message>
    <message>
        <source>Validation accuracy on what it knew before: {after} (was {before}).</source>
        <translation>전에 알던 종류의 검증 정확도: {after} (전에는 {before}).</translation>
    </message>
    <message>
        <source>Record {names} in another place, too: before the same background, other things may get that label.</source>
        <translation>{names}: 다른 곳에서도 녹화하세요. 같은 배경 앞에서는 다른 것에도 이 라벨이 붙을 수 있습니다.</translation>
    </message>
    <message>
        <source>Too few photos of {names}.</source>
        <translation>{names}: 사진이 너무 적어 배우지 못했습니다.</translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s) could not be read.</source>
        <translation>
            <numerusform>사진 %n장을 읽지 못했습니다.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n other photo(s) here got another label.</source>
        <translation>
            <numerusform>다른 사진 %n장의 라벨이 바뀌었습니다.</numerusform>
        </translation>
    </message>
    <message>
        <source>Undo teaching</source>
        <translation>가르친 것 되돌리기</translation>
    </message>
    <message>
        <source>Show them</source>
        <translation>바뀐 사진 보기</translation>
    </message>
    <message>
        <source>The model is learning…</source>
        <translation>모델이 배우는 중입니다…</translation>
    </message>
</context>
<context>
    <name>TeachCard</name>
    <message numerus="yes">
        <source>%n correction(s) of kinds that it knows.</source>
        <translation>
            <numerusform>이미 아는 종류로 수정한 사진 %n장.</numerusform>
        </translation>
    </message>
    <message>
        <source>Learning… {done} of {total}</source>
        <translation>배우는 중… {total}장 중 {done}장</translation>
    </message>
    <message>
        <source>Learning…</source>
        <translation>배우는 중…</translation>
    </message>
    <message>
        <source>Teach this kind</source>
        <translation>이 종류 가르치기</translation>
    </message>
    <message>
        <source>Teach the model</source>
        <translation>모델 가르치기</translation>
    </message>
    <message>
        <source>Learn corrections</source>
        <translation>수정한 내용 배우기</translation>
    </message>
    <message>
        <source>Takes seconds, and no photos of what the model knows already</source>
        <translation>몇 초면 되며, 모델이 이미 아는 종류의 사진은 필요 없습니다</translation>
    </message>
    <message numerus="yes">
        <source>%n more photo(s) to teach it.</source>
        <translation>
            <numerusform>사진이 %n장 더 있으면 가르칠 수 있습니다.</numerusform>
        </translation>
    </message>
    <message>
        <source>“{name}” is new to the model.</source>
        <translation>“{name}”: 모델이 모르는 종류입니다.</translation>
    </message>
    <message numerus="yes">
        <source>“{name}” is new to the model: %n photo(s).</source>
        <translation>
            <numerusform>모델이 모르는 “{name}” 사진 %n장.</numerusform>
        </translation>
    </message>
    <message>
        <source>Better with {count}.</source>
        <translation>{count}장이면 더 정확해집니다.</translation>
    </message>
</context>
<context>
    <name>Teacher</name>
    <message>
        <source>The model is learning photos.</source>
        <translation>모델이 사진을 배우고 있습니다.</translation>
    </message>
</context>
<context>
    <name>TimeEstimate</name>
    <message>
        <source>Will take about {time} on this computer.</source>
        <translation>이 컴퓨터에서 약 {time} 걸립니다.</translation>
    </message>
    <message>
        <source>Measuring how long it will take…</source>
        <translation>걸리는 시간을 재는 중…</translation>
    </message>
    <message>
        <source>Measuring how long it will take… {done} of {total}</source>
        <translation>걸리는 시간을 재는 중… {total}개 중 {done}개</translation>
    </message>
</context>
<context>
    <name>TrainPage</name>
    <message>
        <source>Train</source>
        <translation>학습</translation>
    </message>
    <message>
        <source>Train a model on your own photos</source>
        <translation>내 사진으로 모델을 학습합니다</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>시작</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>중지</translation>
    </message>
    <message>
        <source>A model is being trained. Drop photos here once that has ended.</source>
        <translation>모델을 학습하는 중입니다. 끝난 뒤 여기에 사진을 놓으세요.</translation>
    </message>
    <message>
        <source>Drop a folder or a zip of photos here, with one subfolder per class.</source>
        <translation>클래스별 폴더가 든 폴더나 zip을 여기에 놓으세요.</translation>
    </message>
    <message>
        <source>Photos are being read. Wait until that has ended, or cancel it first.</source>
        <translation>사진을 읽는 중입니다. 끝날 때까지 기다리거나 먼저 취소하세요.</translation>
    </message>
    <message>
        <source>A model is being trained. Wait until it is done, or stop it first.</source>
        <translation>모델을 학습하고 있습니다. 끝날 때까지 기다리거나 먼저 중지하세요.</translation>
    </message>
    <message>
        <source>A comparison is being trained on the Models page. Wait, or stop it there.</source>
        <translation>모델 화면에서 비교할 모델을 학습하고 있습니다. 기다리거나 그 화면에서 먼저 멈추세요.</translation>
    </message>
    <message>
        <source>Ready to start</source>
        <translation>시작할 수 있습니다</translation>
    </message>
    <message>
        <source>Choose photos to start</source>
        <translation>사진을 고르면 시작할 수 있습니다</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>중지하는 중…</translation>
    </message>
    <message>
        <source>A model is being trained. It can be continued later.</source>
        <translation>모델을 학습하는 중입니다. 나중에 이어서 할 수 있습니다.</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>계속</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>일시 정지</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>일시 정지됨</translation>
    </message>
</context>
<context>
    <name>Trainer</name>
    <message>
        <source>“{path}” does not know how its right answers look, so there is nothing to keep by.</source>
        <translation>“{path}”에는 맞은 답의 기준이 없어서 이 옵션을 쓸 수 없습니다.</translation>
    </message>
    <message>
        <source>None of the {count} photos could be read.</source>
        <translation>사진 {count}장 중 읽을 수 있는 것이 없습니다.</translation>
    </message>
    <message>
        <source>The model has learnt from this photo.</source>
        <translation>모델이 이미 학습한 사진입니다.</translation>
    </message>
    <message>
        <source>Two classes cannot both be called “{name}”. Give each a name of its own.</source>
        <translation>두 클래스의 이름이 모두 “{name}”일 수는 없습니다. 서로 다른 이름을 쓰세요.</translation>
    </message>
    <message>
        <source>Something unexpected went wrong ({detail}).</source>
        <translation>예상하지 못한 문제가 생겼습니다({detail}).</translation>
    </message>
    <message>
        <source>The ImageNet weights could not be downloaded from {host} ({detail}). Go online and try again, or fetch {url} on another machine and choose that file under “Start from” (in the terminal: --weights). EfficientNet-Lite0 and Lite2 need no download.</source>
        <translation>{host}에서 ImageNet 가중치를 내려받지 못했습니다({detail}). 인터넷에 연결한 뒤 다시 하거나, 다른 컴퓨터에서 {url} 파일을 받아 “시작 가중치”에서 고르세요(터미널에서는 --weights). EfficientNet-Lite0과 Lite2는 내려받지 않아도 됩니다.</translation>
    </message>
    <message>
        <source>With a joint head, there is no teacher, and pictures are not mixed.</source>
        <translation>결합 헤드에는 교사 모델을 쓸 수 없고 사진을 섞을 수 없습니다.</translation>
    </message>
    <message>
        <source>Random weights know none of the ImageNet classes of a joint head.</source>
        <translation>무작위 가중치로는 결합 헤드가 쓰는 ImageNet 클래스를 알 수 없습니다.</translation>
    </message>
    <message>
        <source>Only a joint head has ImageNet&apos;s classes to hold on to.</source>
        <translation>ImageNet 클래스를 유지하는 것은 결합 헤드에서만 할 수 있습니다.</translation>
    </message>
    <message>
        <source>A joint head can only learn in a single process.</source>
        <translation>결합 헤드는 한 프로세스에서만 학습할 수 있습니다.</translation>
    </message>
    <message>
        <source>The weights in “{path}” do not tell ImageNet&apos;s classes apart, as a joint head needs. Choose another head or other weights.</source>
        <translation>“{path}”의 가중치에는 결합 헤드에 필요한 ImageNet 클래스 구분이 들어 있지 않습니다. 다른 헤드나 다른 가중치를 고르세요.</translation>
    </message>
    <message>
        <source>timm has no weights of “{name}”. Name another kind of them, as in {example}, or start from nothing.</source>
        <translation>timm에 “{name}”의 가중치가 없습니다. {example}처럼 가중치의 종류를 붙여 쓰거나, 가중치 없이 시작하세요.</translation>
    </message>
    <message>
        <source>timm has no network “{name}”. Did you mean one of: {closest}?</source>
        <translation>timm에 “{name}”(이)라는 네트워크가 없습니다. 혹시 이 가운데 하나인가요? {closest}</translation>
    </message>
    <message>
        <source>The network “{name}” cannot be used here ({detail}). Choose another.</source>
        <translation>네트워크 “{name}”은(는) 여기에서 쓸 수 없습니다({detail}). 다른 것을 고르세요.</translation>
    </message>
    <message>
        <source>The network “{name}” cannot see pictures of {size} pixels ({detail}). Choose its own size, {own}, or another network.</source>
        <translation>네트워크 “{name}”은(는) {size}픽셀 사진을 볼 수 없습니다({detail}). 본래 크기인 {own}픽셀을 고르거나 다른 네트워크를 고르세요.</translation>
    </message>
    <message>
        <source>The teacher “{teacher}” and a {model} see pictures normalised in different ways. Choose another teacher or model.</source>
        <translation>교사 “{teacher}”와(과) {model}은(는) 사진을 서로 다르게 정규화합니다. 다른 교사나 모델을 고르세요.</translation>
    </message>
    <message>
        <source>An address starts with http://, https:// or rtsp://, then the camera&apos;s name.</source>
        <translation>주소는 http://, https:// 또는 rtsp://로 시작하고 그 뒤에 카메라 이름이 옵니다.</translation>
    </message>
    <message>
        <source>There is no video “{source}”. Choose another.</source>
        <translation>“{source}” 동영상이 없습니다. 다른 동영상을 고르세요.</translation>
    </message>
    <message>
        <source>“{source}” is not a video that can be played.</source>
        <translation>“{source}” 파일은 재생할 수 있는 동영상이 아닙니다. 다른 동영상을 고르세요.</translation>
    </message>
    <message>
        <source>“{source}” does not answer. Check the address, and that the camera is on and in the same network.</source>
        <translation>“{source}”에서 응답이 없습니다. 주소가 맞는지, 카메라가 켜져 있고 같은 네트워크에 있는지 확인하세요.</translation>
    </message>
    <message>
        <source>“{source}” gives no picture. Close other programs that use it, and see in Settings, Privacy &amp; security, Camera, that desktop apps may use it.</source>
        <translation>“{source}”에서 화면이 나오지 않습니다. 카메라를 쓰는 다른 프로그램을 닫고, 설정 → 개인 정보 및 보안 → 카메라에서 데스크톱 앱의 사용을 허용했는지 확인하세요.</translation>
    </message>
    <message>
        <source>“{source}” gives no picture. Close other programs that use it, and see in System Settings, Privacy &amp; Security, Camera, that this app may use it.</source>
        <translation>“{source}”에서 화면이 나오지 않습니다. 카메라를 쓰는 다른 프로그램을 닫고, 시스템 설정 → 개인정보 보호 및 보안 → 카메라에서 이 앱을 허용했는지 확인하세요.</translation>
    </message>
    <message>
        <source>“{source}” is not connected. Plug it in.</source>
        <translation>“{source}” 카메라가 연결되어 있지 않습니다. 연결하세요.</translation>
    </message>
    <message>
        <source>You may not use the camera “{source}”: your account is not in the group “video”. Run “sudo usermod -aG video $USER”, then log in again.</source>
        <translation>“{source}” 카메라를 사용할 권한이 없습니다. 계정이 “video” 그룹에 없습니다. “sudo usermod -aG video $USER”를 실행하고 다시 로그인하세요.</translation>
    </message>
    <message>
        <source>“{source}” gives no picture. Close other programs that use it, such as video calls.</source>
        <translation>“{source}”에서 화면이 나오지 않습니다. 화상 통화처럼 카메라를 쓰는 다른 프로그램을 닫으세요.</translation>
    </message>
    <message>
        <source>The camera “{source}” no longer sends a picture. It continues as soon as the picture is back.</source>
        <translation>“{source}” 카메라에서 화면이 더 이상 나오지 않습니다. 다시 나오면 바로 이어집니다.</translation>
    </message>
    <message>
        <source>All photos of “{name}” are from one recording, so none are left for validation. Record it once more.</source>
        <translation>“{name}” 사진은 모두 한 번에 녹화한 것이라 검증에 쓸 사진이 없습니다. 한 번 더 녹화하세요.</translation>
    </message>
    <message>
        <source>All photos of each class are from one recording, so none are left for validation. Record each class once more.</source>
        <translation>클래스마다 사진이 모두 한 번에 녹화한 것이라 검증에 쓸 사진이 없습니다. 클래스마다 한 번씩 더 녹화하세요.</translation>
    </message>
    <message>
        <source>The name of “{source}” is not readable text. Rename it and try again.</source>
        <translation>“{source}” 파일의 이름을 읽을 수 없습니다. 이름을 바꾸고 다시 시도하세요.</translation>
    </message>
    <message>
        <source>“{path}” could not be moved to the trash. Remove it by hand.</source>
        <translation>“{path}” 파일을 휴지통으로 옮기지 못했습니다. 직접 지우세요.</translation>
    </message>
    <message>
        <source>“{path}” could not be fetched back from the trash. Do it by hand.</source>
        <translation>“{path}” 파일을 휴지통에서 되돌리지 못했습니다. 직접 되돌리세요.</translation>
    </message>
    <message>
        <source>All photos of {split} are in {leading} as well ({count}), so its figures say nothing. Take others.</source>
        <translation>{split} 사진이 모두 {leading}에도 있어서({count}장) 그 수치는 아무 의미가 없습니다. 다른 사진을 쓰세요.</translation>
    </message>
    <message>
        <source>The disk refused to store “{path}” ({detail}). Make room, or choose another folder.</source>
        <translation>디스크에 “{path}” 파일을 저장하지 못했습니다({detail}). 공간을 비우거나 다른 폴더를 고르세요.</translation>
    </message>
    <message>
        <source>The download of “{name}” is not the file that it should be. Try again.</source>
        <translation>내려받은 “{name}”이(가) 올바른 파일이 아닙니다. 다시 해 보세요.</translation>
    </message>
    <message>
        <source>The file cannot be read ({detail}).</source>
        <translation>파일을 읽을 수 없습니다({detail}).</translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <translation>빈 파일입니다.</translation>
    </message>
    <message>
        <source>The folder name “{name}” is not readable text. Rename it and try again.</source>
        <translation>폴더 이름 “{name}”을(를) 읽을 수 없습니다. 이름을 바꾼 뒤 다시 해 보세요.</translation>
    </message>
    <message>
        <source>The loss is no longer a number. Choose a lower learning rate.</source>
        <translation>손실이 숫자가 아니게 되었습니다. 학습률을 낮추세요.</translation>
    </message>
    <message>
        <source>The model does not know the class “{name}”.</source>
        <translation>모델이 “{name}” 클래스를 모릅니다.</translation>
    </message>
    <message>
        <source>The photos in “{path}” have changed since this run began. Start a new one.</source>
        <translation>이 학습을 시작한 뒤 “{path}”의 사진이 바뀌었습니다. 새로 시작하세요.</translation>
    </message>
    <message>
        <source>The picture could not be stored ({detail}). Make room on the disk.</source>
        <translation>그림을 저장하지 못했습니다({detail}). 디스크 공간을 비우세요.</translation>
    </message>
    <message>
        <source>The picture is damaged ({detail}). Save it again from the original.</source>
        <translation>사진이 손상되었습니다({detail}). 원본에서 다시 저장하세요.</translation>
    </message>
    <message>
        <source>The picture is too large ({width}×{height}). Shrink it and try again.</source>
        <translation>사진이 너무 큽니다({width}×{height}). 줄여서 다시 해 보세요.</translation>
    </message>
    <message>
        <source>The picture is too large. Shrink it and try again.</source>
        <translation>사진이 너무 큽니다. 줄여서 다시 해 보세요.</translation>
    </message>
    <message>
        <source>The run “{name}” is damaged.</source>
        <translation>학습 기록 “{name}”이(가) 손상되었습니다.</translation>
    </message>
    <message>
        <source>The run&apos;s state “{path}” is damaged, so it cannot go on.</source>
        <translation>학습 상태 파일 “{path}”이(가) 손상되어 이어 갈 수 없습니다.</translation>
    </message>
    <message>
        <source>The starter model is a {starter}, so its weights cannot start a {model}. Choose the model {starter}, or other weights.</source>
        <translation>기본 모델은 {starter}이므로 {model}의 시작 가중치로 쓸 수 없습니다. 모델을 {starter}로 바꾸거나 다른 가중치를 고르세요.</translation>
    </message>
    <message>
        <source>The starter model is missing: {detail}</source>
        <translation>기본 모델이 없습니다: {detail}</translation>
    </message>
    <message>
        <source>The teacher “{teacher}” was taught other classes than “{path}” has.</source>
        <translation>교사 모델 “{teacher}”이(가) 배운 클래스가 “{path}”와(과) 다릅니다.</translation>
    </message>
    <message>
        <source>The weights in “{path}” are not a {model}&apos;s. Choose another file or another model.</source>
        <translation>“{path}”의 가중치는 {model}의 것이 아닙니다. 다른 파일이나 다른 모델을 고르세요.</translation>
    </message>
    <message>
        <source>The zip file reaches outside its folder (“{name}”), and is refused.</source>
        <translation>zip 파일이 폴더 밖을 가리켜(“{name}”) 열지 않았습니다.</translation>
    </message>
    <message>
        <source>There are no pictures in {places}.</source>
        <translation>{places}에 사진이 없습니다.</translation>
    </message>
    <message>
        <source>The zip file is damaged or locked. Unpack it with another program, and try again.</source>
        <translation>ZIP 파일이 손상되었거나 잠겨 있습니다. 다른 프로그램으로 푼 다음 다시 시도하세요.</translation>
    </message>
    <message>
        <source>A photo is of one class, so a list of several says none ({count}, such as “{name}”).</source>
        <translation>사진은 한 클래스에만 속하므로, 라벨이 여러 개인 목록은 세지 않습니다({count}개, 예: “{name}”).</translation>
    </message>
    <message>
        <source>A quotation mark in line {line} takes the lines below it for one cell: “{start}”. Remove it, or close it.</source>
        <translation>{line}행의 따옴표 때문에 그 아래 행들이 한 칸으로 읽힙니다: “{start}”. 따옴표를 지우거나 닫으세요.</translation>
    </message>
    <message>
        <source>All photos of each of these classes are from one recording, so none are left for validation: {names}. Record them once more.</source>
        <translation>사진이 모두 한 번에 녹화한 것이라 검증에 쓸 사진이 없는 클래스: {names}. 한 번씩 더 녹화하세요.</translation>
    </message>
    <message>
        <source>Changes that you made while these photos had other labels ({names}) do not count here ({count}). Choose those labels again, and they do.</source>
        <translation>이 사진들의 라벨이 다른 것({names})이었을 때 수정한 내용 {count}건은 여기서 세지 않습니다. 그 라벨을 다시 고르면 셉니다.</translation>
    </message>
    <message>
        <source>Classes of nearly the same name count as the model&apos;s: {pairs}.</source>
        <translation>이름이 거의 같은 클래스는 모델의 클래스로 봅니다: {pairs}.</translation>
    </message>
    <message>
        <source>Columns and class names are of a labels file: give it with --labels.</source>
        <translation>열과 클래스 이름은 라벨 파일에 대한 것입니다. --labels로 파일을 지정하세요.</translation>
    </message>
    <message>
        <source>Found by their names alone, for they lie in another folder than the labels say ({count}, such as “{name}”). Look whether these are the photos that are meant.</source>
        <translation>라벨에 적힌 폴더와 다른 곳에 있어 이름만으로 찾은 사진 {count}장(예: “{name}”). 맞는 사진인지 확인하세요.</translation>
    </message>
    <message>
        <source>Hardly learnt, for they have fewer than {least} photos: {names}. Add photos.</source>
        <translation>사진이 {least}장보다 적어 제대로 배우기 어려운 클래스: {names}. 사진을 더 넣으세요.</translation>
    </message>
    <message>
        <source>In {split} but not in {leading}, and left out: {names}.</source>
        <translation>{split}에는 있지만 {leading}에는 없어 제외한 클래스: {names}.</translation>
    </message>
    <message>
        <source>Inside the classes are folders called like splits, such as “{name}”. All photos of a class are taken together and divided anew; to keep them apart, put the class folders into the splits.</source>
        <translation>클래스 안에 학습·검증·테스트라는 이름의 폴더가 있습니다(예: “{name}”). 클래스의 사진을 모두 합쳐 새로 나눕니다. 그대로 나누어 쓰려면 클래스 폴더를 학습·검증·테스트 폴더 안에 넣으세요.</translation>
    </message>
    <message>
        <source>It is not known what “{path}” was taught.</source>
        <translation>“{path}”에 무엇을 가르쳤는지 알 수 없습니다.</translation>
    </message>
    <message>
        <source>JPEG XL cannot be read. Save the picture as a JPEG and try again.</source>
        <translation>JPEG XL은 읽을 수 없습니다. 사진을 JPEG로 저장한 뒤 다시 해 보세요.</translation>
    </message>
    <message>
        <source>Labels come from one file, and photos from one folder or zip. Drop one of each, without {names}.</source>
        <translation>라벨은 파일 하나에서, 사진은 폴더나 zip 하나에서 가져옵니다. {names}을(를) 빼고 하나씩만 끌어다 놓으세요.</translation>
    </message>
    <message>
        <source>Learnt but never validated, because there is only one photo: {names}. Add photos.</source>
        <translation>사진이 한 장뿐이라 배우기는 하지만 검증하지 못하는 클래스: {names}. 사진을 더 넣으세요.</translation>
    </message>
    <message>
        <source>Learnt but never validated, because there are no validation or test photos: {names}. Add some.</source>
        <translation>검증이나 테스트에 쓸 사진이 없어 배우기는 하지만 확인하지 못하는 클래스: {names}. 사진을 넣으세요.</translation>
    </message>
    <message>
        <source>Left out, because their photos are not sorted by class: {names} (files: {count}). Sort them into class folders; or, if the folder is a class, give it another name.</source>
        <translation>사진이 클래스별로 나뉘어 있지 않아 제외한 폴더: {names}(파일 {count}개). 사진을 클래스 폴더로 나누세요. 폴더 자체가 클래스라면 이름을 바꾸세요.</translation>
    </message>
    <message>
        <source>Left out, for they are neither a split nor a class: {names} (files: {count}).</source>
        <translation>나눈 폴더도 클래스도 아니어서 제외한 폴더: {names}(파일 {count}개).</translation>
    </message>
    <message>
        <source>Left out: files and folders that you may not read ({count}, such as “{name}”). Change their permissions.</source>
        <translation>제외: 읽을 권한이 없는 파일과 폴더 {count}개(예: “{name}”). 권한을 바꾸세요.</translation>
    </message>
    <message>
        <source>Left out: files that are not pictures ({count}, such as “{name}”).</source>
        <translation>제외: 사진이 아닌 파일 {count}개(예: “{name}”).</translation>
    </message>
    <message>
        <source>Left out: files without a suffix such as .jpg ({count}, such as “{name}”). If they are photos, give them one.</source>
        <translation>제외: .jpg 같은 확장자가 없는 파일 {count}개(예: “{name}”). 사진이라면 확장자를 붙이세요.</translation>
    </message>
    <message>
        <source>Left out: labels of photos outside of the photos&apos; folder ({count}, such as “{name}”). Choose a folder that all of them are in.</source>
        <translation>제외: 사진 폴더 밖에 있는 사진의 라벨 {count}개(예: “{name}”). 사진이 모두 들어 있는 폴더를 고르세요.</translation>
    </message>
    <message>
        <source>Left out: labels of photos that are not there ({count}, such as “{name}”).</source>
        <translation>제외: 없는 사진의 라벨 {count}개(예: “{name}”).</translation>
    </message>
    <message>
        <source>Left out: labels that may mean one photo or another of the same name ({count}, such as “{name}”). Name their folders, too.</source>
        <translation>제외: 이름이 같은 사진이 여럿이라 어느 것인지 알 수 없는 라벨 {count}개(예: “{name}”). 폴더도 함께 적으세요.</translation>
    </message>
    <message>
        <source>Left out: links that lead nowhere or in a circle ({count}, such as “{name}”).</source>
        <translation>제외: 대상이 없거나 제자리로 돌아오는 링크 {count}개(예: “{name}”).</translation>
    </message>
    <message>
        <source>Left out: photos that are in no class&apos;s folder ({count}, such as “{name}”). Put each into its class&apos;s folder.</source>
        <translation>제외: 어느 클래스 폴더에도 들어 있지 않은 사진 {count}개(예: “{name}”). 각 사진을 클래스 폴더에 넣으세요.</translation>
    </message>
    <message>
        <source>Left out: photos that cannot be read ({count}, such as “{name}”). Save them again from the originals.</source>
        <translation>제외: 읽을 수 없는 사진 {count}장(예: “{name}”). 원본에서 다시 저장하세요.</translation>
    </message>
    <message>
        <source>Left out: photos whose names do not fit the pattern ({count}, such as “{name}”).</source>
        <translation>제외: 이름이 패턴에 맞지 않는 사진 {count}장(예: “{name}”).</translation>
    </message>
    <message>
        <source>Left out: photos whose split is none of train, validation and test ({count}, such as “{name}”).</source>
        <translation>제외: 분할이 학습, 검증, 테스트 가운데 어느 것도 아닌 사진 {count}장(예: “{name}”).</translation>
    </message>
    <message>
        <source>Left out: photos with an empty label, or of no class or several ({count}, such as “{name}”).</source>
        <translation>제외: 라벨이 비어 있거나, 클래스가 없거나 여럿인 사진 {count}장(예: “{name}”).</translation>
    </message>
    <message>
        <source>Left out: photos with several classes, of which none is known to cover most ({count}, such as “{name}”). Leave one class in each.</source>
        <translation>제외: 클래스가 여러 개이고 어느 것이 가장 넓은지 알 수 없는 사진 {count}장(예: “{name}”). 사진마다 클래스를 하나만 남기세요.</translation>
    </message>
    <message>
        <source>Left out: photos with several labels, or splits, that differ ({count}, such as “{name}”).</source>
        <translation>제외: 서로 다른 라벨이나 분할이 여러 개 적힌 사진 {count}장(예: “{name}”).</translation>
    </message>
    <message>
        <source>Left out: photos without a label ({count}, such as “{name}”).</source>
        <translation>제외: 라벨이 없는 사진 {count}장(예: “{name}”).</translation>
    </message>
    <message>
        <source>Left out: zip files inside ({count}, such as “{name}”). Unpack them, or open one by itself.</source>
        <translation>제외: 안에 들어 있는 zip 파일 {count}개(예: “{name}”). 압축을 풀거나 하나만 따로 여세요.</translation>
    </message>
    <message>
        <source>Line {line} has more cells than the other lines: “{start}”. Put quotation marks around what has a {delimiter} in it.</source>
        <translation>{line}행에 다른 행보다 칸이 많습니다: “{start}”. {delimiter}이(가) 들어 있는 내용은 따옴표로 묶으세요.</translation>
    </message>
    <message>
        <source>Names of folders in “{path}” are stored decomposed, as macOS does, and so sort otherwise. The order of this folder is taken: {order}. Composed, it would be: {composed}. If the weights learnt from a copy with composed names, give the names in that order.</source>
        <translation>“{path}”의 폴더 이름이 macOS처럼 자모가 분해된 채 저장되어 정렬 순서가 다릅니다. 이 폴더의 순서를 씁니다: {order}. 결합된 이름이라면 순서는 다음과 같습니다: {composed}. 가중치가 결합된 이름의 복사본으로 배웠다면 그 순서로 이름을 지정하세요.</translation>
    </message>
    <message>
        <source>Nearly all photos of {names} look the same, so their accuracy will look too good: it is measured on photos like those it learnt from. Add photos of other pieces.</source>
        <translation>{names}의 사진이 거의 모두 똑같아 보여서 정확도가 실제보다 좋게 나옵니다. 학습한 사진과 사실상 같은 사진으로 평가하기 때문입니다. 다른 것을 찍은 사진을 더 넣으세요.</translation>
    </message>
    <message>
        <source>No classes, for they hold no photo that can be read: {names}. Add photos, or remove the folders.</source>
        <translation>읽을 수 있는 사진이 없어 클래스로 치지 않은 폴더: {names}. 사진을 넣거나 폴더를 지우세요.</translation>
    </message>
    <message>
        <source>No column is left for the photos. Choose other columns of labels or of splits.</source>
        <translation>사진 열로 쓸 열이 남아 있지 않습니다. 라벨 열이나 분할 열을 다른 것으로 고르세요.</translation>
    </message>
    <message>
        <source>No labels are found in the JSON of “{path}”: it holds {found}. What is needed is {needed}.</source>
        <translation>“{path}”의 JSON에서 라벨을 찾지 못했습니다. 들어 있는 것: {found}. 필요한 것: {needed}.</translation>
    </message>
    <message>
        <source>No photo in “{path}” has a name that fits “{pattern}”, such as “{name}”. Change the pattern.</source>
        <translation>“{path}”에는 이름이 “{pattern}”에 맞는 사진이 없습니다(예: “{name}”). 패턴을 바꾸세요.</translation>
    </message>
    <message>
        <source>None of the photos can be read ({count}). Save them again from the originals.</source>
        <translation>읽을 수 있는 사진이 하나도 없습니다({count}장). 원본에서 다시 저장하세요.</translation>
    </message>
    <message>
        <source>None of the photos to learn these classes from can be read: {names}. Save them anew, or move these class folders out of “{path}”, and start again.</source>
        <translation>다음 클래스는 학습할 사진을 하나도 읽을 수 없습니다: {names}. 사진을 다시 저장하거나 이 클래스 폴더를 “{path}” 밖으로 옮긴 뒤 다시 시작하세요.</translation>
    </message>
    <message>
        <source>Nothing tells which column of “{path}” holds the labels: {columns}. Choose it.</source>
        <translation>“{path}”의 어느 열이 라벨인지 알 수 없습니다: {columns}. 라벨 열을 고르세요.</translation>
    </message>
    <message>
        <source>Only folders can be opened together. Drop class folders, or a single zip file.</source>
        <translation>함께 열 수 있는 것은 폴더뿐입니다. 클래스 폴더들을 놓거나 zip 파일 하나만 놓으세요.</translation>
    </message>
    <message>
        <source>Photos of one subfolder stay together, to learn from or to check with (in {count} classes).</source>
        <translation>같은 하위 폴더의 사진은 학습용이든 검증용이든 한쪽에만 둡니다(클래스 {count}개).</translation>
    </message>
    <message>
        <source>Photos of {split} that are in {leading} as well do not count in {split} ({count}).</source>
        <translation>{leading}에도 있는 {split} 사진은 {split}에서 세지 않습니다({count}장).</translation>
    </message>
    <message>
        <source>Photos that are nearly the same stay together, to learn from or to check with ({count}).</source>
        <translation>거의 같은 사진은 학습용이든 검증용이든 한쪽에만 둡니다({count}장).</translation>
    </message>
    <message>
        <source>Some validation or test photos are the same, or nearly the same, as photos of an earlier split ({count}), so results look better than they are. Remove one of each.</source>
        <translation>검증용이나 테스트용 사진 가운데 앞선 분할의 사진과 같거나 거의 같은 것이 있어서({count}장) 결과가 실제보다 좋게 나옵니다. 둘 중 하나를 지우세요.</translation>
    </message>
    <message>
        <source>Said more than once, and counted once: labels of photos ({count}, such as “{name}”).</source>
        <translation>두 번 이상 적혀 한 번만 센 라벨 {count}개(예: “{name}”).</translation>
    </message>
    <message>
        <source>Spelt otherwise in {split}, and taken for the same classes: {names}.</source>
        <translation>{split}에서는 표기가 다르지만 같은 클래스로 본 폴더: {names}.</translation>
    </message>
    <message>
        <source>Treated as different classes, although only capitals differ: {names}. If they are the same, put their photos into one folder.</source>
        <translation>대소문자만 다르지만 서로 다른 클래스로 본 폴더: {names}. 같은 클래스라면 사진을 한 폴더에 모으세요.</translation>
    </message>
    <message>
        <source>Treated as different classes, although only capitals differ: {names}. If they are the same, spell them the same in the labels.</source>
        <translation>대소문자만 다르지만 서로 다른 클래스로 봅니다: {names}. 같은 것이라면 라벨에서 똑같이 적으세요.</translation>
    </message>
    <message>
        <source>Combined into one class, because the folders have the same name: {names}. If they are different classes, rename one.</source>
        <translation>폴더 이름이 같아 한 클래스로 합쳤습니다: {names}. 서로 다른 클래스라면 하나의 이름을 바꾸세요.</translation>
    </message>
    <message>
        <source>Taken together, for all of them mean {split}: {names}.</source>
        <translation>모두 {split}을(를) 뜻하므로 하나로 합친 폴더: {names}.</translation>
    </message>
    <message>
        <source>The camera answers, but has nothing at “{source}”. Check what follows its name in the address.</source>
        <translation>카메라는 응답하지만 “{source}”에는 영상이 없습니다. 주소에서 카메라 이름 뒤의 부분을 확인하세요.</translation>
    </message>
    <message>
        <source>The classes are called as “{name}” says.</source>
        <translation>클래스 이름은 “{name}”에 적힌 대로입니다.</translation>
    </message>
    <message>
        <source>The classes are called {names}. If these are splits, sort the photos in them into class folders.</source>
        <translation>클래스 이름이 {names}입니다. 학습·검증·테스트를 나눈 것이라면 그 안의 사진을 클래스 폴더로 나누세요.</translation>
    </message>
    <message>
        <source>The classes were given as {given}, but “{path}” itself says that they are {known}, in this order. Leave them out, and those of the file are taken.</source>
        <translation>지정한 클래스는 {given}이지만, “{path}” 파일에 따르면 이 순서로 {known}입니다. 지정하지 않으면 파일의 클래스를 씁니다.</translation>
    </message>
    <message>
        <source>The column “{name}” cannot be two things at once. Choose another column of photos, of labels or of splits.</source>
        <translation>“{name}” 열을 동시에 두 가지로 쓸 수 없습니다. 사진, 라벨, 분할 가운데 하나는 다른 열을 고르세요.</translation>
    </message>
    <message>
        <source>The column “{name}” holds splits ({count}), and does not count as the column of splits. If it is to, choose it.</source>
        <translation>“{name}” 열에 분할이 적혀 있지만({count}개) 분할 열로 쓰지 않습니다. 분할 열로 쓰려면 고르세요.</translation>
    </message>
    <message>
        <source>The head in “{path}” has several layers, and nothing in the file says what stands between them: ReLU is assumed. If it was something else, choose that, or the answers are wrong.</source>
        <translation>“{path}”의 헤드는 층이 여럿인데, 그 사이에 무엇이 있는지 파일에 나와 있지 않습니다. ReLU로 가정합니다. 다른 것이었다면 그것을 고르세요. 그러지 않으면 답이 틀립니다.</translation>
    </message>
    <message>
        <source>The head in “{path}” has something on both sides of a BatchNorm, and nothing in the file says which of it is the activation: the first is assumed. If it was the second, the answers are wrong; train its trunk further instead: choose the file under “Start from”.</source>
        <translation>“{path}”의 헤드에는 BatchNorm 양쪽에 층이 있는데, 어느 쪽이 활성화 함수인지 파일에 나와 있지 않아 앞쪽으로 봅니다. 뒤쪽이었다면 답이 틀립니다. 그때는 “시작 가중치”에서 이 파일을 골라 몸통을 더 학습시키세요.</translation>
    </message>
    <message>
        <source>The labels are names already, so “{name}” is not needed.</source>
        <translation>라벨이 이미 이름이므로 “{name}”은(는) 필요하지 않습니다.</translation>
    </message>
    <message>
        <source>The labels are numbers, such as {label}. If a list says what they are called, choose it.</source>
        <translation>라벨이 {label} 같은 숫자입니다. 이름을 적은 목록이 있으면 고르세요.</translation>
    </message>
    <message>
        <source>The labels file “{name}” has changed since it was chosen. It counts as it is now; runs that began before may not go on with it.</source>
        <translation>라벨 파일 “{name}”이(가) 고른 뒤에 바뀌었습니다. 지금 내용대로 세며, 그전에 시작한 학습은 이어 가지 못할 수 있습니다.</translation>
    </message>
    <message>
        <source>The labels file “{path}” is not there. Put it back, or choose the labels again.</source>
        <translation>라벨 파일 “{path}”이(가) 없습니다. 제자리에 돌려놓거나 라벨을 다시 고르세요.</translation>
    </message>
    <message>
        <source>The labels have a single column, “{name}”. A column of photos and one of labels are needed.</source>
        <translation>라벨에 열이 “{name}” 하나뿐입니다. 사진 열과 라벨 열이 필요합니다.</translation>
    </message>
    <message>
        <source>The labels have no column “{name}”, only: {columns}.</source>
        <translation>라벨에 “{name}” 열이 없습니다. 있는 열: {columns}.</translation>
    </message>
    <message>
        <source>The labels of “{path}” are of {count} classes, but at least 2 are needed. Choose another column, or another pattern.</source>
        <translation>“{path}”의 라벨은 클래스가 {count}개이지만 2개 이상이 필요합니다. 다른 열이나 다른 패턴을 고르세요.</translation>
    </message>
    <message>
        <source>The names of the photos in “{path}”, such as “{name}”, show no labels. Give a pattern such as {example}, or a file of labels.</source>
        <translation>“{path}”에 있는 사진의 이름(예: “{name}”)에서 라벨을 찾지 못했습니다. {example} 같은 패턴이나 라벨 파일을 지정하세요.</translation>
    </message>
    <message>
        <source>The pattern “{pattern}” needs one {field}, as in {example}.</source>
        <translation>패턴 “{pattern}”에는 {field}이(가) 하나 있어야 합니다(예: {example}).</translation>
    </message>
    <message>
        <source>The photos in “{path}” have changed since this run began: {missing} missing, {new} new, {resized} of another size, {relabelled} of another class or split. Start a new one.</source>
        <translation>이 학습을 시작한 뒤 “{path}”의 사진이 바뀌었습니다(없어진 사진 {missing}장, 새로 생긴 사진 {new}장, 크기가 다른 사진 {resized}장, 클래스나 분할이 다른 사진 {relabelled}장). 새로 시작하세요.</translation>
    </message>
    <message>
        <source>The same photo is in two classes ({count}, such as one in “{first}” and “{second}”). Remove it from one of them.</source>
        <translation>두 클래스에 함께 들어 있는 사진이 {count}장 있습니다(예: “{first}”, “{second}”). 한쪽에서 지우세요.</translation>
    </message>
    <message>
        <source>The weights in “{path}” are of no model known here. Known are: {known}.</source>
        <translation>“{path}”의 가중치는 여기서 아는 모델의 것이 아닙니다. 아는 모델: {known}.</translation>
    </message>
    <message>
        <source>There are no photos that can be read.</source>
        <translation>읽을 수 있는 사진이 없습니다.</translation>
    </message>
    <message>
        <source>There is no folder or zip file “{path}”.</source>
        <translation>“{path}” 폴더나 zip 파일이 없습니다.</translation>
    </message>
    <message>
        <source>There is no model file “{path}”.</source>
        <translation>모델 파일 “{path}”이(가) 없습니다.</translation>
    </message>
    <message>
        <source>There is no model “{name}”. Choose one of: {known}.</source>
        <translation>“{name}” 모델은 없습니다. 다음 중에서 고르세요: {known}.</translation>
    </message>
    <message>
        <source>There is no preset “{name}”. Choose one of: {known}.</source>
        <translation>“{name}” 프리셋은 없습니다. 다음 중에서 고르세요: {known}.</translation>
    </message>
    <message>
        <source>There is no run “{name}”.</source>
        <translation>“{name}” 학습 기록이 없습니다.</translation>
    </message>
    <message>
        <source>There is no such file.</source>
        <translation>그런 파일이 없습니다.</translation>
    </message>
    <message>
        <source>There is no weights file “{path}”.</source>
        <translation>가중치 파일 “{path}”이(가) 없습니다.</translation>
    </message>
    <message>
        <source>These folders lie on different drives. Put them on one, and choose them again.</source>
        <translation>폴더들이 서로 다른 드라이브에 있습니다. 한 드라이브로 모은 뒤 다시 고르세요.</translation>
    </message>
    <message>
        <source>This HEIC photo is damaged, or of a rare kind. Save it as a JPEG and try again.</source>
        <translation>이 HEIC 사진은 손상되었거나 드문 형식입니다. JPEG로 저장한 뒤 다시 해 보세요.</translation>
    </message>
    <message>
        <source>This is a folder, not a picture.</source>
        <translation>사진이 아니라 폴더입니다.</translation>
    </message>
    <message>
        <source>This is not a picture, or of a kind that is not supported.</source>
        <translation>사진이 아니거나 지원하지 않는 형식입니다.</translation>
    </message>
    <message>
        <source>This is not a recipe of this version: {error}.</source>
        <translation>이 버전의 학습 설정이 아닙니다: {error}.</translation>
    </message>
    <message>
        <source>This machine has no device “{name}”. Use “auto” or “cpu”.</source>
        <translation>이 컴퓨터에는 “{name}” 장치가 없습니다. “auto”나 “cpu”를 쓰세요.</translation>
    </message>
    <message>
        <source>Where several classes are marked in a photo, the one that covers most counts ({count}, such as “{name}”).</source>
        <translation>한 사진에 여러 클래스가 표시되어 있으면 가장 넓은 것을 셉니다({count}장, 예: “{name}”).</translation>
    </message>
    <message>
        <source>The labels of {names} could not be checked: apart from near duplicates and photos of one recording, there are too few photos. Add others.</source>
        <translation>{names}의 라벨을 확인할 수 없습니다. 거의 같거나 한 번에 녹화한 사진을 빼면 사진이 너무 적습니다. 다른 사진을 추가하세요.</translation>
    </message>
    <message>
        <source>The model has learnt from all of these photos of “{path}”. Choose others to test it with; with all photos it will look better than it is.</source>
        <translation>“{path}”에서 고른 사진은 모두 모델이 이미 학습한 것입니다. 다른 사진으로 평가하세요. ‘모든 사진’으로 평가하면 실제보다 좋게 나옵니다.</translation>
    </message>
    <message>
        <source>The photos of “{name}” look like “{other}”. Check the name of the class.</source>
        <translation>“{name}”의 사진이 “{other}”(으)로 보입니다. 클래스 이름을 확인하세요.</translation>
    </message>
    <message>
        <source>With these corrections, the model would be worse at what it knew: {after} of its validation photos right instead of {before}. It was left as it is. Check the corrections, or train with more photos.</source>
        <translation>수정한 내용을 배우면 전에 알던 것을 더 못 맞히게 됩니다(검증 사진 정확도 {before} → {after}). 그래서 모델을 그대로 두었습니다. 수정한 내용을 확인하거나 사진을 더 모아 학습하세요.</translation>
    </message>
    <message>
        <source>Your changes in “{path}” leave photos of {count} classes, but at least 2 are needed. Take back the last of them, or move that list away.</source>
        <translation>“{path}”의 변경 내용대로 하면 클래스가 {count}개만 남지만 2개 이상이 필요합니다. 마지막 변경을 되돌리거나 그 목록을 다른 곳으로 옮기세요.</translation>
    </message>
    <message>
        <source>a list of {count}</source>
        <translation>항목 {count}개짜리 목록</translation>
    </message>
    <message>
        <source>a table with a column of photos and one of labels, or JSON such as {example}</source>
        <translation>사진 열과 라벨 열이 있는 표, 또는 {example} 같은 JSON</translation>
    </message>
    <message>
        <source>an object with the keys {keys}</source>
        <translation>키가 {keys}인 객체</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>{name} is {value}, but must lie between {lowest} and {highest}.</source>
        <translation>{name} 값 {value}은(는) {lowest}에서 {highest} 사이여야 합니다.</translation>
    </message>
    <message>
        <source>“{folder}” cannot be written to ({detail}).</source>
        <translation>“{folder}”에 쓸 수 없습니다({detail}).</translation>
    </message>
    <message>
        <source>“{folder}” holds a run already. Resume it, or choose another folder.</source>
        <translation>“{folder}”에 이미 학습 기록이 있습니다. 이어서 하거나 다른 폴더를 고르세요.</translation>
    </message>
    <message>
        <source>“{path}” calls its classes otherwise. They are called as you say: {pairs}.</source>
        <translation>“{path}” 파일의 클래스 이름은 다릅니다. 지정한 이름을 씁니다: {pairs}.</translation>
    </message>
    <message>
        <source>“{path}” cannot be read ({detail}).</source>
        <translation>“{path}”을(를) 읽을 수 없습니다({detail}).</translation>
    </message>
    <message>
        <source>“{path}” cannot be unpacked ({detail}).</source>
        <translation>“{path}”의 압축을 풀 수 없습니다({detail}).</translation>
    </message>
    <message>
        <source>“{path}” does not hold the photos that this run began with. Choose the folder or zip that does, or start a new run.</source>
        <translation>“{path}”의 사진은 이 학습을 시작할 때의 사진이 아닙니다. 그 사진이 든 폴더나 zip을 고르거나, 학습을 새로 시작하세요.</translation>
    </message>
    <message>
        <source>“{path}” does not hold the photos that this run began with: {missing} missing, {new} new, {resized} of another size, {relabelled} of another class or split. Choose the folder or zip that does, or start a new run.</source>
        <translation>“{path}”의 사진은 이 학습을 시작할 때의 사진이 아닙니다(없는 사진 {missing}장, 새로운 사진 {new}장, 크기가 다른 사진 {resized}장, 클래스나 분할이 다른 사진 {relabelled}장). 그 사진이 든 폴더나 zip을 고르거나, 학습을 새로 시작하세요.</translation>
    </message>
    <message>
        <source>“{path}” does not say what class {label} is called. A line a name is needed, in the order of the numbers.</source>
        <translation>“{path}”에는 클래스 {label}의 이름이 없습니다. 번호 순서대로 한 줄에 이름 하나씩 적혀 있어야 합니다.</translation>
    </message>
    <message>
        <source>“{path}” does not say where labels are. Choose the labels again.</source>
        <translation>“{path}”에 라벨이 어디 있는지 적혀 있지 않습니다. 라벨을 다시 고르세요.</translation>
    </message>
    <message>
        <source>“{path}” gives each photo several labels, or splits, that differ, such as “{name}”. Leave one for each.</source>
        <translation>“{path}”에는 사진마다 서로 다른 라벨이나 분할이 여러 개 적혀 있습니다(예: “{name}”). 사진마다 하나만 남기세요.</translation>
    </message>
    <message>
        <source>“{path}” has its labels from a file or from names, so its photos cannot be moved into class folders. Change the labels there.</source>
        <translation>“{path}”의 라벨은 파일이나 사진 이름에서 온 것이므로 사진을 클래스 폴더로 옮길 수 없습니다. 라벨을 그곳에서 바꾸세요.</translation>
    </message>
    <message>
        <source>“{path}” has labels already. Choose the folder or zip of its photos.</source>
        <translation>“{path}”에는 이미 라벨이 있습니다. 사진이 든 폴더나 zip을 고르세요.</translation>
    </message>
    <message>
        <source>“{path}” has no label for a photo in “{folder}”, not even for “{name}”. Choose another column of labels.</source>
        <translation>“{path}”에는 “{folder}”에 있는 사진의 라벨이 없습니다. “{name}”도 마찬가지입니다. 다른 라벨 열을 고르세요.</translation>
    </message>
    <message>
        <source>“{path}” has no label for a photo in “{folder}”. {reason}</source>
        <translation>“{path}”에는 “{folder}”에 있는 사진의 라벨이 없습니다. {reason}</translation>
    </message>
    <message>
        <source>“{path}” has no readable photo of a class that the model knows.</source>
        <translation>“{path}”에는 모델이 아는 클래스의 읽을 수 있는 사진이 없습니다.</translation>
    </message>
    <message>
        <source>“{path}” has no readable photos in its {split} split.</source>
        <translation>“{path}”의 {split} 분할에 읽을 수 있는 사진이 없습니다.</translation>
    </message>
    <message>
        <source>“{path}” has no row with a split for a photo in “{folder}”, not even for “{name}”. Choose another column of splits, or none.</source>
        <translation>“{path}”에는 “{folder}”에 있는 사진의 분할이 적힌 행이 없습니다. “{name}”도 마찬가지입니다. 다른 분할 열을 고르거나 고르지 마세요.</translation>
    </message>
    <message>
        <source>“{path}” has {count} names for labels from {least} to {most}, and does not say which is whose. Write its number and a comma in front of each name.</source>
        <translation>“{path}”에는 이름이 {count}개 있고 라벨은 {least}부터 {most}까지인데, 어느 이름이 어느 숫자의 것인지 적혀 있지 않습니다. 이름 앞에 숫자와 쉼표를 적으세요.</translation>
    </message>
    <message>
        <source>“{path}” holds no network&apos;s weights.</source>
        <translation>“{path}” 파일에 네트워크의 가중치가 없습니다.</translation>
    </message>
    <message>
        <source>“{path}” holds no photos. Choose the folder of the photos.</source>
        <translation>“{path}”에 사진이 없습니다. 사진이 든 폴더를 고르세요.</translation>
    </message>
    <message>
        <source>“{path}” holds other files. Choose an empty folder for the demo data set.</source>
        <translation>“{path}”에 다른 파일이 있습니다. 연습용 사진에는 빈 폴더를 고르세요.</translation>
    </message>
    <message>
        <source>“{path}” holds photos of {count} classes that you may read, but at least 2 are needed. Change the permissions of “{name}”.</source>
        <translation>“{path}”에서 읽을 권한이 있는 클래스는 {count}개뿐이지만 2개 이상 필요합니다. “{name}”의 권한을 바꾸세요.</translation>
    </message>
    <message>
        <source>“{path}” holds photos of {count} classes, and zip files. Unpack them, or open one of them by itself.</source>
        <translation>“{path}”에는 클래스 {count}개의 사진과 zip 파일이 들어 있습니다. 압축을 풀거나 zip 하나만 따로 여세요.</translation>
    </message>
    <message>
        <source>“{path}” holds photos of {count} classes, but at least 2 are needed: put the photos of each class into a folder of their own, or take their labels from a file or their names.</source>
        <translation>“{path}”에는 클래스 {count}개의 사진이 있지만 2개 이상이 필요합니다. 클래스마다 사진을 따로 폴더에 넣거나, 파일이나 사진 이름에서 라벨을 가져오세요.</translation>
    </message>
    <message>
        <source>“{path}” holds photos of {count} classes, but at least 2 are needed: put the photos of each class into a folder of their own.</source>
        <translation>“{path}”에는 클래스가 {count}개뿐입니다. 적어도 2개가 필요합니다. 클래스마다 폴더를 만들어 사진을 넣으세요.</translation>
    </message>
    <message>
        <source>“{path}” holds several data sets: {names}. Choose one of them.</source>
        <translation>“{path}”에는 데이터 세트가 여럿 들어 있습니다: {names}. 그중 하나를 고르세요.</translation>
    </message>
    <message>
        <source>“{path}” holds several networks. The one under “{place}” is taken.</source>
        <translation>“{path}” 파일에 네트워크가 여럿 있습니다. “{place}” 아래의 것을 씁니다.</translation>
    </message>
    <message>
        <source>“{path}” holds something else than weights: program objects ({names}), which are never made or run here. Save the network&apos;s weights alone, with torch.save(model.state_dict(), FILE).</source>
        <translation>“{path}” 파일에 가중치가 아닌 프로그램 객체({names})가 들어 있습니다. 여기서는 절대 만들거나 실행하지 않습니다. torch.save(model.state_dict(), FILE)로 네트워크의 가중치만 저장하세요.</translation>
    </message>
    <message>
        <source>“{path}” holds the trunk of a {title} without a head, so it cannot classify anything. Train it on photos: choose the file under “Start from”.</source>
        <translation>“{path}” 파일에는 {title}의 몸통만 있고 출력층이 없어 분류할 수 없습니다. “시작 가중치”에서 이 파일을 골라 사진으로 학습하세요.</translation>
    </message>
    <message>
        <source>“{path}” holds values that are no numbers or infinite, in “{name}”: its training went astray. Choose weights of an earlier epoch.</source>
        <translation>“{path}” 파일의 “{name}”에 숫자가 아니거나 무한한 값이 있습니다. 학습이 발산했습니다. 더 앞선 에포크의 가중치를 고르세요.</translation>
    </message>
    <message>
        <source>“{path}” holds “{name}” without its values, or in a sparse or packed form that cannot be read here. Save the network&apos;s weights as plain tensors.</source>
        <translation>“{path}” 파일의 “{name}”에 값이 없거나, 여기서 읽을 수 없는 희소 또는 압축 형식입니다. 네트워크의 가중치를 일반 텐서로 저장하세요.</translation>
    </message>
    <message>
        <source>“{path}” is JSON that is nested too deeply.</source>
        <translation>“{path}”은(는) 너무 깊이 중첩된 JSON입니다.</translation>
    </message>
    <message>
        <source>“{path}” is a file. Choose a folder.</source>
        <translation>“{path}”은(는) 파일입니다. 폴더를 고르세요.</translation>
    </message>
    <message>
        <source>“{path}” is a folder. Choose the weights file in it.</source>
        <translation>“{path}”는 폴더입니다. 그 안의 가중치 파일을 고르세요.</translation>
    </message>
    <message>
        <source>“{path}” is a safetensors file, but not a model of this app.</source>
        <translation>“{path}”은(는) safetensors 파일이지만 이 앱의 모델이 아닙니다.</translation>
    </message>
    <message>
        <source>“{path}” is a spreadsheet or a zip, and no text. Save the table as CSV, and choose that.</source>
        <translation>“{path}”은(는) 텍스트가 아니라 스프레드시트나 zip입니다. 표를 CSV로 저장해 그것을 고르세요.</translation>
    </message>
    <message>
        <source>“{path}” is a web page, and not the weights. Download the file itself again.</source>
        <translation>“{path}” 파일은 가중치가 아니라 웹 페이지입니다. 파일 자체를 다시 내려받으세요.</translation>
    </message>
    <message>
        <source>“{path}” is damaged JSON (line {line}, column {column}). Export it again.</source>
        <translation>“{path}”의 JSON이 손상되었습니다({line}행 {column}열). 다시 내보내세요.</translation>
    </message>
    <message>
        <source>“{path}” is damaged or not a model file ({detail}).</source>
        <translation>“{path}”이(가) 손상되었거나 모델 파일이 아닙니다({detail}).</translation>
    </message>
    <message>
        <source>“{path}” is damaged, or holds something else than a network&apos;s weights.</source>
        <translation>“{path}”이(가) 손상되었거나 네트워크의 가중치가 아닙니다.</translation>
    </message>
    <message>
        <source>“{path}” is damaged, so it is not known which photos the model has learnt from. Move this file away to go on all the same: figures may then be of such photos too.</source>
        <translation>“{path}” 파일이 손상되어 모델이 어떤 사진으로 학습했는지 알 수 없습니다. 그래도 계속하려면 이 파일을 다른 곳으로 옮기세요. 그러면 학습한 사진이 결과 수치에 포함될 수 있습니다.</translation>
    </message>
    <message>
        <source>“{path}” is no list of folders. Choose the folders again.</source>
        <translation>“{path}”은(는) 폴더 목록이 아닙니다. 폴더를 다시 고르세요.</translation>
    </message>
    <message>
        <source>“{path}” is no longer there. Connect it again, or choose other folders.</source>
        <translation>“{path}”이(가) 더는 없습니다. 다시 연결하거나 다른 폴더를 고르세요.</translation>
    </message>
    <message>
        <source>“{path}” is no text. Labels come from a table (CSV, TSV), from JSON, or from CVAT&apos;s XML.</source>
        <translation>“{path}”은(는) 텍스트가 아닙니다. 라벨은 표(CSV, TSV), JSON, CVAT의 XML에서 읽습니다.</translation>
    </message>
    <message>
        <source>“{path}” is of a network that is not known here ({name}). Another version of this app may know it.</source>
        <translation>“{path}”은(는) 여기에서 알지 못하는 네트워크({name})의 모델입니다. 이 앱의 다른 버전에서는 열릴 수 있습니다.</translation>
    </message>
    <message>
        <source>The weights that the run started from are others by now, so it cannot go on. Train anew.</source>
        <translation>학습을 시작할 때의 가중치가 그 뒤로 바뀌어 이어서 학습할 수 없습니다. 새로 학습하세요.</translation>
    </message>
    <message>
        <source>To learn “{kind}”, at least {least} different photos of it are needed that can be read.</source>
        <translation>“{kind}”을(를) 배우려면 서로 다른, 읽을 수 있는 사진이 {least}장 이상 필요합니다.</translation>
    </message>
    <message>
        <source>{model} has no layer of ImageNet&apos;s classes that a joint head could keep. Choose another head or another network.</source>
        <translation>{model}에는 결합 헤드가 유지할 ImageNet 클래스 층이 없습니다. 다른 헤드나 다른 네트워크를 고르세요.</translation>
    </message>
    <message>
        <source>“{path}” is neither a folder nor a zip file.</source>
        <translation>“{path}”은(는) 폴더도 zip 파일도 아닙니다.</translation>
    </message>
    <message>
        <source>“{path}” is of a {title} that answers from its class token; here, it would answer from the mean of the picture. Train its trunk further instead: choose the file under “Start from”.</source>
        <translation>“{path}” 파일은 클래스 토큰으로 답하는 {title} 모델입니다. 여기서는 그림 전체의 평균으로 답하게 되어 답이 달라집니다. 대신 “시작 가중치”에서 이 파일을 골라 몸통을 이어서 학습하세요.</translation>
    </message>
    <message>
        <source>“{path}” is of a {title} with parts that are not known here ({names}). Without them, its answers would be others.</source>
        <translation>“{path}” 파일은 {title} 모델이지만 여기서 모르는 부분이 있습니다({names}). 그것 없이는 답이 달라집니다.</translation>
    </message>
    <message>
        <source>“{path}” is of a {title}, but its head is of a kind that is not known here ({names}). Known are linear layers, with BatchNorm or without. Train its trunk further instead: choose the file under “Start from”.</source>
        <translation>“{path}” 파일은 {title} 모델이지만 출력층을 지원하지 않습니다({names}). 지원하는 것은 선형 층이며 BatchNorm이 있어도 됩니다. 대신 “시작 가중치”에서 이 파일을 골라 몸통을 이어서 학습하세요.</translation>
    </message>
    <message>
        <source>“{path}” is of folders that were chosen together, so its photos cannot be moved. Open the folder that they lie in.</source>
        <translation>“{path}”은(는) 함께 고른 폴더들이라 사진을 옮길 수 없습니다. 그 폴더들이 든 폴더를 여세요.</translation>
    </message>
    <message>
        <source>“{path}” is of the network “{name}”, which is not known here: it looks like {title}, and answers otherwise.</source>
        <translation>“{path}” 파일은 여기서 모르는 네트워크 “{name}”의 것입니다. {title}와 모양은 같지만 다르게 답합니다.</translation>
    </message>
    <message>
        <source>“{path}” is one of {count} files that belong together, and “{missing}” is not beside it. Put all of them into one folder.</source>
        <translation>“{path}” 파일은 함께 쓰는 파일 {count}개 중 하나인데, “{missing}” 파일이 곁에 없습니다. 모두 한 폴더에 넣으세요.</translation>
    </message>
    <message>
        <source>“{path}” is only Git LFS&apos;s pointer to the weights. Fetch the file itself, with “git lfs pull”.</source>
        <translation>“{path}” 파일은 가중치를 가리키는 Git LFS 포인터일 뿐입니다. “git lfs pull”로 파일 자체를 받으세요.</translation>
    </message>
    <message>
        <source>“{path}” is taken for timm&apos;s {known}. If it was {others}, the answers are wrong.</source>
        <translation>“{path}” 파일을 timm의 {known} 모델로 봅니다. {others} 모델이었다면 답이 틀립니다.</translation>
    </message>
    <message>
        <source>“{path}” is too large to unpack.</source>
        <translation>“{path}”은(는) 너무 커서 풀 수 없습니다.</translation>
    </message>
    <message>
        <source>“{path}” is understood as no list of classes. Write a line for each: its number, a comma and its name.</source>
        <translation>“{path}”을(를) 클래스 목록으로 이해할 수 없습니다. 클래스마다 한 줄씩 숫자, 쉼표, 이름을 적으세요.</translation>
    </message>
    <message>
        <source>“{path}” is understood neither as a table nor as JSON: it begins with “{start}”. What is needed is {needed}.</source>
        <translation>“{path}”을(를) 표로도 JSON으로도 읽을 수 없습니다. “{start}”(으)로 시작합니다. 필요한 것: {needed}.</translation>
    </message>
    <message>
        <source>“{path}” is {format}, which cannot be read here. Load it in the program that made it, and save the network&apos;s weights alone: torch.save(model.state_dict(), FILE), or as safetensors.</source>
        <translation>“{path}” 파일은 {format} 형식이며 여기서 읽을 수 없습니다. 만든 프로그램에서 불러온 뒤 네트워크의 가중치만 저장하세요: torch.save(model.state_dict(), FILE) 또는 safetensors.</translation>
    </message>
    <message>
        <source>“{path}” itself says in which order it learnt its classes, which is not that of the folders: {known}. The file&apos;s counts.</source>
        <translation>“{path}” 파일에 적힌 클래스 순서가 폴더의 순서와 다릅니다: {known}. 파일의 순서를 씁니다.</translation>
    </message>
    <message>
        <source>“{path}” may hold labels, but a folder or zip of photos is needed first. Choose that, and then this file as its labels.</source>
        <translation>“{path}”에 라벨이 들어 있을 수 있지만, 먼저 사진이 든 폴더나 zip이 필요합니다. 그것을 고른 다음 이 파일을 라벨로 고르세요.</translation>
    </message>
    <message>
        <source>“{path}” names no photo that is in “{folder}”; it names “{name}”. Choose the column of the photos, or the folder that they lie in.</source>
        <translation>“{path}”에 적힌 사진이 “{folder}”에 하나도 없습니다(적힌 것: “{name}”). 사진 열이나 사진이 든 폴더를 고르세요.</translation>
    </message>
    <message>
        <source>“{path}” names photos, such as “{name}”, and no classes. Choose the list of the classes.</source>
        <translation>“{path}”에는 클래스가 아니라 사진(예: “{name}”)이 적혀 있습니다. 클래스 목록을 고르세요.</translation>
    </message>
    <message>
        <source>“{path}” names {given} classes, but tells {known} apart: those names do not count.</source>
        <translation>“{path}” 파일에는 클래스 이름이 {given}개 있지만 구별하는 클래스는 {known}개입니다. 그 이름은 쓰지 않습니다.</translation>
    </message>
    <message>
        <source>“{path}” tells {known} classes apart, but {given} names were given.</source>
        <translation>“{path}”은(는) 클래스 {known}개를 구분하는데 이름은 {given}개입니다.</translation>
    </message>
    <message>
        <source>“{path}” was made by an earlier version or elsewhere, and cannot be taught more. Train it again, or teach another model.</source>
        <translation>“{path}”은(는) 이전 버전이나 다른 곳에서 만든 모델이라 더 가르칠 수 없습니다. 다시 학습하거나 다른 모델을 가르치세요.</translation>
    </message>
    <message>
        <source>“{path}” was made by an earlier version or elsewhere, and the photos that it learnt from are not there, so it cannot be taught more. Teach another model, or train one.</source>
        <translation>“{path}”은(는) 이전 버전이나 다른 곳에서 만든 모델이고 학습에 쓴 사진도 없어서 더 가르칠 수 없습니다. 다른 모델을 가르치거나 새로 학습하세요.</translation>
    </message>
    <message>
        <source>“{root}” has no split “{name}”, only: {known}.</source>
        <translation>“{root}”에는 “{name}” 분할이 없고 다음만 있습니다: {known}.</translation>
    </message>
    <message>
        <source>“{source}” asks for a name and a password. Write them into the address, as in rtsp://name:password@camera.</source>
        <translation>“{source}”이(가) 사용자 이름과 비밀번호를 요구합니다. rtsp://이름:비밀번호@카메라처럼 주소에 함께 적으세요.</translation>
    </message>
    <message>
        <source>“{source}” does not let this user see its picture. Allow it in the camera&apos;s settings, or use another name.</source>
        <translation>“{source}”이(가) 이 사용자에게 영상을 허용하지 않습니다. 카메라 설정에서 허용하거나 다른 이름을 쓰세요.</translation>
    </message>
    <message>
        <source>“{source}” does not take this name and password. Check them, and type them again.</source>
        <translation>“{source}”이(가) 이 사용자 이름과 비밀번호를 받아들이지 않습니다. 확인하고 다시 입력하세요.</translation>
    </message>
    <message>
        <source>“{value}” is no choice for {name}. Choose one of: {known}.</source>
        <translation>{name}에 “{value}”은(는) 쓸 수 없습니다. 다음 중에서 고르세요: {known}.</translation>
    </message>
    <message>
        <source>“{name}” is in {split} but not in {leading}, and is left out.</source>
        <translation>“{name}”은(는) {split}에는 있지만 {leading}에는 없어 제외했습니다.</translation>
    </message>
    <message>
        <source>There is not enough memory to train. Choose a smaller picture size, batch size or model.</source>
        <translation>학습할 메모리가 부족합니다. 사진 크기나 배치 크기를 줄이거나 더 작은 모델을 고르세요.</translation>
    </message>
    <message>
        <source>“{path}” has a single photo to learn from. Add more.</source>
        <translation>“{path}”에는 학습할 사진이 한 장뿐입니다. 사진을 더 넣으세요.</translation>
    </message>
    <message>
        <source>A teacher can only teach in a single process.</source>
        <translation>교사 모델은 한 프로세스에서만 쓸 수 있습니다.</translation>
    </message>
    <message>
        <source>“{path}” is no longer there. Connect it again, then go on.</source>
        <translation>“{path}”을(를) 더 이상 찾을 수 없습니다. 다시 연결한 뒤 이어서 하세요.</translation>
    </message>
    <message>
        <source>A batch of a single photo cannot be learnt from. Choose 2 or more.</source>
        <translation>사진 한 장으로 된 배치로는 배울 수 없습니다. 2 이상을 고르세요.</translation>
    </message>
    <message>
        <source>With a teacher, pictures are mixed by mixed_share alone.</source>
        <translation>교사 모델이 있으면 사진은 mixed_share로만 섞습니다.</translation>
    </message>
    <message>
        <source>The run “{name}” is being trained already, in another window or terminal.</source>
        <translation>“{name}” 학습은 이미 다른 창이나 터미널에서 진행 중입니다.</translation>
    </message>
    <message>
        <source>The caches could not be emptied ({detail}). Close what uses them and try again.</source>
        <translation>캐시를 비울 수 없습니다({detail}). 사용 중인 프로그램을 닫고 다시 시도하세요.</translation>
    </message>
    <message>
        <source>A seed is a whole number, such as 0.</source>
        <translation>시드는 0과 같은 정수여야 합니다.</translation>
    </message>
    <message>
        <source>Choose at least one model and one strategy to compare.</source>
        <translation>비교할 모델과 학습할 부분을 하나 이상 고르세요.</translation>
    </message>
    <message>
        <source>Nothing was applied to “{path}” that could be put back.</source>
        <translation>“{path}”에는 되돌려 놓을 변경이 없습니다.</translation>
    </message>
    <message>
        <source>The comparison “{name}” is damaged.</source>
        <translation>비교 “{name}”이(가) 손상되었습니다.</translation>
    </message>
    <message>
        <source>The evaluation “{path}” cannot be read ({detail}). Evaluate the model again.</source>
        <translation>평가 결과 “{path}”을(를) 읽을 수 없습니다({detail}). 모델을 다시 평가하세요.</translation>
    </message>
    <message>
        <source>The export does not answer as the model does: probabilities differ by up to {difference}, and {mistakes} of {count} photos get another label. It was not kept; choose another format.</source>
        <translation>내보낸 파일의 답이 모델과 다릅니다. 확률이 최대 {difference} 다르고, 사진 {count}장 가운데 {mistakes}장의 라벨이 달라집니다. 이 파일은 남기지 않았습니다. 다른 형식을 고르세요.</translation>
    </message>
    <message>
        <source>The export decides “not sure” otherwise than the model: familiarity differs by up to {difference}. It was not kept; choose another format.</source>
        <translation>내보낸 파일의 “잘 모르겠음” 판단이 모델과 다릅니다. 익숙함이 최대 {difference} 다릅니다. 이 파일은 남기지 않았습니다. 다른 형식을 고르세요.</translation>
    </message>
    <message>
        <source>The export would take the place of the model “{path}”. Choose another name.</source>
        <translation>내보내면 모델 “{path}”을(를) 덮어쓰게 됩니다. 다른 이름을 고르세요.</translation>
    </message>
    <message>
        <source>“{path}” is no name of an OpenVINO model. Choose one that ends in .xml; its weights are written beside it, to a file that ends in .bin.</source>
        <translation>“{path}”은(는) OpenVINO 모델의 이름이 될 수 없습니다. .xml로 끝나는 이름을 고르세요. 가중치는 그 옆에 .bin으로 끝나는 파일로 저장됩니다.</translation>
    </message>
    <message>
        <source>The weights would take the place of “{path}”, which is no export&apos;s. Choose another name.</source>
        <translation>가중치를 저장하면 내보낸 파일이 아닌 “{path}”을(를) 덮어쓰게 됩니다. 다른 이름을 고르세요.</translation>
    </message>
    <message>
        <source>The list of changes “{path}” is damaged. Move it away, or mend it, and try again.</source>
        <translation>변경 목록 “{path}”이(가) 손상되었습니다. 다른 곳으로 옮기거나 고친 뒤 다시 시도하세요.</translation>
    </message>
    <message>
        <source>The photos in “{path}” have changed since this comparison began. Start a new one.</source>
        <translation>이 비교를 시작한 뒤 “{path}”의 사진이 바뀌었습니다. 새로 시작하세요.</translation>
    </message>
    <message>
        <source>The run “{name}” is being trained. Stop it, then delete it.</source>
        <translation>“{name}” 모델을 학습하고 있습니다. 학습을 멈춘 뒤 삭제하세요.</translation>
    </message>
    <message>
        <source>There is no comparison “{name}”.</source>
        <translation>“{name}” 비교가 없습니다.</translation>
    </message>
    <message>
        <source>There is no run, comparison or model file “{name}”.</source>
        <translation>이름이 “{name}”인 학습 기록, 비교, 모델 파일이 없습니다.</translation>
    </message>
    <message>
        <source>Your changes count here ({count}). They are kept in “{file}”, beside the folder.</source>
        <translation>사용자가 바꾼 내용({count}건)이 반영됩니다. 폴더 옆의 “{file}”에 보관되어 있습니다.</translation>
    </message>
    <message>
        <source>“{folder}” holds another comparison. Choose another folder.</source>
        <translation>“{folder}”에 이미 다른 비교가 있습니다. 다른 폴더를 고르세요.</translation>
    </message>
    <message>
        <source>“{path}” cannot be exported as {format} ({detail}). Choose another format.</source>
        <translation>“{path}”을(를) {format} 형식으로 내보낼 수 없습니다({detail}). 다른 형식을 고르세요.</translation>
    </message>
    <message>
        <source>“{path}” is not a folder, so its photos cannot be moved. Unpack it first.</source>
        <translation>“{path}”은(는) 폴더가 아니어서 사진을 옮길 수 없습니다. 먼저 압축을 푸세요.</translation>
    </message>
    <message>
        <source>“{path}” does not say what its classes are called. Give their names with --classes, or the data set that it learnt from with --data.</source>
        <translation>“{path}”에는 클래스 이름이 없습니다. --classes로 이름을 주거나, --data로 이 모델이 배운 데이터 세트를 지정하세요.</translation>
    </message>
    <message>
        <source>A report is a web page. Give it a name that ends in .html, not “{name}”.</source>
        <translation>보고서는 웹 페이지입니다. “{name}” 대신 .html로 끝나는 이름을 주세요.</translation>
    </message>
    <message>
        <source>The export&apos;s logits are not the model&apos;s: divided by the temperature, their softmax differs from the probabilities by up to {difference}. It was not kept; choose another format.</source>
        <translation>내보낸 파일의 로짓이 모델과 다릅니다. 온도로 나눈 소프트맥스가 확률과 최대 {difference}만큼 차이 납니다. 파일을 남기지 않았습니다. 다른 형식을 고르세요.</translation>
    </message>
    <message>
        <source>The model “{path}” answers with what is no number. Train it again, or choose another.</source>
        <translation>모델 “{path}”의 답이 숫자가 아닙니다. 다시 학습하거나 다른 모델을 고르세요.</translation>
    </message>
    <message>
        <source>What the export says of itself is not what the model says ({fields}). It was not kept; choose another format.</source>
        <translation>내보낸 파일의 설명이 모델과 다릅니다({fields}). 파일을 남기지 않았습니다. 다른 형식을 고르세요.</translation>
    </message>
    <message>
        <source>“{path}” is a whole disk. Put the photos into a folder on it.</source>
        <translation>“{path}”는 디스크 전체입니다. 사진을 그 안의 폴더에 넣으세요.</translation>
    </message>
    <message>
        <source>{count} processes need batches of {least} photos or more.</source>
        <translation>프로세스 {count}개에는 배치마다 사진이 {least}장 이상 필요합니다.</translation>
    </message>
</context>
<context>
    <name>UnfinishedRunOffer</name>
    <message>
        <source>You stopped the training on “{name}” that began on {date} after epoch {epoch} of {epochs}.</source>
        <translation>{date}에 시작한 “{name}” 학습을 {epochs}에포크 가운데 {epoch}에포크 뒤에 중지했습니다.</translation>
    </message>
    <message>
        <source>The training on “{name}” that began on {date} failed after epoch {epoch} of {epochs}.</source>
        <translation>{date}에 시작한 “{name}” 학습이 {epochs}에포크 가운데 {epoch}에포크 뒤에 실패했습니다.</translation>
    </message>
    <message>
        <source>The training on “{name}” that began on {date} was interrupted after epoch {epoch} of {epochs}.</source>
        <translation>{date}에 시작한 “{name}” 학습이 {epochs}에포크 가운데 {epoch}에포크 뒤에 중단되었습니다.</translation>
    </message>
    <message>
        <source>Continue training</source>
        <translation>학습 계속</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>나중에</translation>
    </message>
</context>
<context>
    <name>UnreadableDialog</name>
    <message>
        <source>Could not be read</source>
        <translation>읽지 못한 파일</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) could not be read</source>
        <translation>
            <numerusform>파일 %n개를 읽지 못했습니다</numerusform>
        </translation>
    </message>
    <message>
        <source>File</source>
        <translation>파일</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>이유</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>폴더</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
</context>
<context>
    <name>WarningList</name>
    <message>
        <source>Show less</source>
        <translation>접기</translation>
    </message>
    <message numerus="yes">
        <source>Show %n more</source>
        <translation>
            <numerusform>%n개 더 보기</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>WeightsDownload</name>
    <message>
        <source>Download ({size})</source>
        <translation>내려받기 ({size})</translation>
    </message>
    <message>
        <source>Download them</source>
        <translation>내려받기</translation>
    </message>
    <message>
        <source>Downloading {network}&apos;s ImageNet weights: {done} of {total}</source>
        <translation>{network}의 ImageNet 가중치를 내려받는 중: {total} 가운데 {done}</translation>
    </message>
    <message>
        <source>Downloading {network}&apos;s ImageNet weights…</source>
        <translation>{network}의 ImageNet 가중치를 내려받는 중…</translation>
    </message>
    <message>
        <source>{network}&apos;s ImageNet weights are not on this computer yet, so {other} is used instead.</source>
        <translation>{network}의 ImageNet 가중치가 아직 이 컴퓨터에 없어 대신 {other} 모델을 씁니다.</translation>
    </message>
    <message>
        <source>{network}&apos;s ImageNet weights are not on this computer yet. Training downloads them first.</source>
        <translation>{network}의 ImageNet 가중치가 아직 이 컴퓨터에 없습니다. 학습을 시작하면 먼저 내려받습니다.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>내려받기</translation>
    </message>
</context>
<context>
    <name>WeightsFiles</name>
    <message>
        <source>Choose a weights file</source>
        <translation>가중치 파일 고르기</translation>
    </message>
    <message>
        <source>Weights ({patterns})</source>
        <translation>가중치 ({patterns})</translation>
    </message>
    <message>
        <source>A weights file…</source>
        <translation>가중치 파일…</translation>
    </message>
    <message>
        <source>Weights of your own, or another model of this app, to start from</source>
        <translation>직접 가진 가중치나 이 앱의 다른 모델에서 시작합니다</translation>
    </message>
</context>
<context>
    <name>_CardDelegate</name>
    <message>
        <source>Changed</source>
        <translation>바꿈</translation>
    </message>
    <message>
        <source>other model: {answer}</source>
        <translation>다른 모델: {answer}</translation>
    </message>
    <message>
        <source>was {name}</source>
        <translation>전에는 {name}</translation>
    </message>
</context>
<context>
    <name>_Row</name>
    <message>
        <source>“{name}” is no longer there.</source>
        <translation>“{name}” 파일이 더 이상 없습니다.</translation>
    </message>
    <message>
        <source>“{name}” holds weights of {network}, and cannot start another network.</source>
        <translation>“{name}” 파일은 {network}의 가중치이므로 다른 네트워크의 시작 가중치로 쓸 수 없습니다.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>제거</translation>
    </message>
    <message>
        <source>Remove “{name}”</source>
        <translation>“{name}” 제거</translation>
    </message>
</context>
</TS>
