<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko">
    <context>
        <name>CameraPage</name>
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
            <source>Stop</source>
            <translation>정지</translation>
        </message>
        <message>
            <source>Start</source>
            <translation>시작</translation>
        </message>
        <message>
            <source>Mirror the picture</source>
            <translation>좌우 반전</translation>
        </message>
        <message>
            <source>THE MODEL SEES</source>
            <translation>모델이 보는 것</translation>
        </message>
        <message>
            <source>Camera or video</source>
            <translation>카메라 또는 동영상</translation>
        </message>
        <message>
            <source>Hold something to the camera</source>
            <translation>카메라 앞에 들어 보세요</translation>
        </message>
        <message>
            <source>Choose a camera, a video file or a network address, and press Start.</source>
            <translation>카메라나 동영상 파일, 네트워크 주소를 고르고 시작을 누르세요.</translation>
        </message>
        <message>
            <source>No camera found</source>
            <translation>카메라 없음</translation>
        </message>
        <message>
            <source>Camera {number}</source>
            <translation>카메라 {number}</translation>
        </message>
        <message>
            <source>No camera was found. Connect one, or choose a video file or an address.</source>
            <translation>카메라를 찾지 못했습니다. 카메라를 연결하거나 동영상 파일 또는 주소를 고르세요.</translation>
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
            <translation>MJPEG 또는 RTSP 스트림의 주소:</translation>
        </message>
        <message>
            <source>An address starts with http://, https:// or rtsp://, then the camera's name.</source>
            <translation>주소는 http://, https:// 또는 rtsp:// 로 시작하고 그 뒤에 카메라 이름이 옵니다.</translation>
        </message>
        <message>
            <source>Not sure</source>
            <translation>잘 모르겠음</translation>
        </message>
        <message>
            <source>{share} sure</source>
            <translation>확신도 {share}</translation>
        </message>
        <message>
            <source>{milliseconds} ms from the camera to the label</source>
            <translation>촬영에서 결과까지 {milliseconds} ms</translation>
        </message>
        <message>
            <source>The video is over.</source>
            <translation>동영상이 끝났습니다.</translation>
        </message>
    </context>
    <context>
        <name>ClassifyPage</name>
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
            <source>Paste</source>
            <translation>붙여넣기</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>정지</translation>
        </message>
        <message>
            <source>Clear</source>
            <translation>비우기</translation>
        </message>
        <message>
            <source>What is on your photos?</source>
            <translation>사진 속에 무엇이 있나요?</translation>
        </message>
        <message>
            <source>Drop photos or a folder anywhere here, choose them, or paste a picture.</source>
            <translation>사진이나 폴더를 여기에 끌어다 놓거나, 고르거나, 그림을 붙여넣으세요.</translation>
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
            <source>Photos and their labels</source>
            <translation>사진과 분류 결과</translation>
        </message>
        <message>
            <source>There are no pictures in there.</source>
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
        <message>
            <source>Pictures on the web are not fetched, so that nothing you do leaves this computer. Save the picture, and drop the file.</source>
            <translation>하시는 일이 이 컴퓨터 밖으로 나가지 않도록 웹의 그림은 가져오지 않습니다. 그림을 저장한 뒤 파일을 끌어다 놓으세요.</translation>
        </message>
        <message>
            <source>There is no picture to take. Copy a picture or files, and try again.</source>
            <translation>가져올 그림이 없습니다. 그림이나 파일을 복사한 뒤 다시 해 보세요.</translation>
        </message>
    </context>
    <context>
        <name>CrashReporter</name>
        <message>
            <source>Something unexpected went wrong. Your photos and models are safe.</source>
            <translation>예상하지 못한 문제가 생겼습니다. 사진과 모델은 안전합니다.</translation>
        </message>
    </context>
    <context>
        <name>EpochTable</name>
        <message>
            <source>Epoch</source>
            <translation>에폭</translation>
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
            <source>Seconds</source>
            <translation>초</translation>
        </message>
    </context>
    <context>
        <name>MainWindow</name>
        <message>
            <source>Fruit and vegetables</source>
            <translation>과일과 채소</translation>
        </message>
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
            <source>MODEL IN USE</source>
            <translation>사용 중인 모델</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>설정</translation>
        </message>
        <message>
            <source>Loading the model…</source>
            <translation>모델을 불러오는 중…</translation>
        </message>
        <message>
            <source>Starter model</source>
            <translation>기본 모델</translation>
        </message>
        <message>
            <source>Language</source>
            <translation>언어</translation>
        </message>
        <message>
            <source>As the system</source>
            <translation>시스템 설정대로</translation>
        </message>
        <message>
            <source>Appearance</source>
            <translation>화면 모드</translation>
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
            <source>About Qt</source>
            <translation>Qt 정보</translation>
        </message>
        <message>
            <source>A model is being trained.</source>
            <translation>모델을 학습하고 있습니다.</translation>
        </message>
        <message>
            <source>Stop the training, and keep the best model so far?</source>
            <translation>학습을 멈추고 지금까지 가장 좋은 모델을 남길까요?</translation>
        </message>
        <message>
            <source>Stop and close</source>
            <translation>멈추고 닫기</translation>
        </message>
        <message>
            <source>Go on training</source>
            <translation>계속 학습</translation>
        </message>
    </context>
    <context>
        <name>ModelsPage</name>
        <message>
            <source>Models</source>
            <translation>모델</translation>
        </message>
        <message>
            <source>What Classify and Camera can answer with</source>
            <translation>분류와 카메라에서 쓸 수 있는 모델</translation>
        </message>
        <message>
            <source>Import…</source>
            <translation>가져오기…</translation>
        </message>
        <message>
            <source>Use this model</source>
            <translation>이 모델 사용</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>제거</translation>
        </message>
        <message>
            <source>WHAT IT TELLS APART</source>
            <translation>구분하는 종류</translation>
        </message>
        <message>
            <source>FILE</source>
            <translation>파일</translation>
        </message>
        <message>
            <source>Importing “{name}”…</source>
            <translation>“{name}” 가져오는 중…</translation>
        </message>
        <message>
            <source>Starter model</source>
            <translation>기본 모델</translation>
        </message>
        <message numerus="yes">
            <source>%n class(es)</source>
            <translation>
                <numerusform>종류 %n개</numerusform>
            </translation>
        </message>
        <message>
            <source>{accuracy} right</source>
            <translation>정확도 {accuracy}</translation>
        </message>
        <message>
            <source>in use</source>
            <translation>사용 중</translation>
        </message>
        <message>
            <source>sees {size}×{size} pixels</source>
            <translation>입력 크기 {size}×{size} 픽셀</translation>
        </message>
        <message>
            <source>{accuracy} of {count} validation photos right</source>
            <translation>검증 사진 {count}장에서 정확도 {accuracy}</translation>
        </message>
        <message>
            <source>Choose a model file</source>
            <translation>모델 파일 고르기</translation>
        </message>
        <message>
            <source>Models ({patterns})</source>
            <translation>모델 ({patterns})</translation>
        </message>
        <message>
            <source>Choose the data set that it learnt from, for the names of its classes</source>
            <translation>종류 이름을 알 수 있도록 이 모델이 배운 데이터 폴더를 고르세요</translation>
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
            <source>“{path}” could not be moved to the trash.</source>
            <translation>“{path}”을(를) 휴지통으로 옮기지 못했습니다.</translation>
        </message>
    </context>
    <context>
        <name>PhotoCardDelegate</name>
        <message>
            <source>Waiting…</source>
            <translation>기다리는 중…</translation>
        </message>
        <message>
            <source>Cannot be read</source>
            <translation>읽을 수 없음</translation>
        </message>
        <message>
            <source>Not sure</source>
            <translation>잘 모르겠음</translation>
        </message>
    </context>
    <context>
        <name>Produce</name>
        <message>
            <source>Apple</source>
            <translation>사과</translation>
        </message>
        <message>
            <source>Asparagus</source>
            <translation>아스파라거스</translation>
        </message>
        <message>
            <source>Aubergine</source>
            <translation>가지</translation>
        </message>
        <message>
            <source>Avocado</source>
            <translation>아보카도</translation>
        </message>
        <message>
            <source>Banana</source>
            <translation>바나나</translation>
        </message>
        <message>
            <source>Beetroot</source>
            <translation>비트</translation>
        </message>
        <message>
            <source>Bell pepper</source>
            <translation>피망</translation>
        </message>
        <message>
            <source>Brown cap mushroom</source>
            <translation>갈색 양송이</translation>
        </message>
        <message>
            <source>Cabbage</source>
            <translation>양배추</translation>
        </message>
        <message>
            <source>Capsicum</source>
            <translation>피망</translation>
        </message>
        <message>
            <source>Carrot</source>
            <translation>당근</translation>
        </message>
        <message>
            <source>Carrots</source>
            <translation>당근</translation>
        </message>
        <message>
            <source>Cauliflower</source>
            <translation>콜리플라워</translation>
        </message>
        <message>
            <source>Chilli pepper</source>
            <translation>고추</translation>
        </message>
        <message>
            <source>Corn</source>
            <translation>옥수수</translation>
        </message>
        <message>
            <source>Cucumber</source>
            <translation>오이</translation>
        </message>
        <message>
            <source>Eggplant</source>
            <translation>가지</translation>
        </message>
        <message>
            <source>Garlic</source>
            <translation>마늘</translation>
        </message>
        <message>
            <source>Ginger</source>
            <translation>생강</translation>
        </message>
        <message>
            <source>Grapes</source>
            <translation>포도</translation>
        </message>
        <message>
            <source>Jalepeno</source>
            <translation>할라페뇨</translation>
        </message>
        <message>
            <source>Kiwi</source>
            <translation>키위</translation>
        </message>
        <message>
            <source>Leek</source>
            <translation>대파(리크)</translation>
        </message>
        <message>
            <source>Lemon</source>
            <translation>레몬</translation>
        </message>
        <message>
            <source>Lettuce</source>
            <translation>상추</translation>
        </message>
        <message>
            <source>Lime</source>
            <translation>라임</translation>
        </message>
        <message>
            <source>Mango</source>
            <translation>망고</translation>
        </message>
        <message>
            <source>Melon</source>
            <translation>멜론</translation>
        </message>
        <message>
            <source>Nectarine</source>
            <translation>천도복숭아</translation>
        </message>
        <message>
            <source>Onion</source>
            <translation>양파</translation>
        </message>
        <message>
            <source>Orange</source>
            <translation>오렌지</translation>
        </message>
        <message>
            <source>Papaya</source>
            <translation>파파야</translation>
        </message>
        <message>
            <source>Paprika</source>
            <translation>파프리카</translation>
        </message>
        <message>
            <source>Passion fruit</source>
            <translation>패션프루트</translation>
        </message>
        <message>
            <source>Peach</source>
            <translation>복숭아</translation>
        </message>
        <message>
            <source>Pear</source>
            <translation>배</translation>
        </message>
        <message>
            <source>Peas</source>
            <translation>완두콩</translation>
        </message>
        <message>
            <source>Pepper</source>
            <translation>파프리카</translation>
        </message>
        <message>
            <source>Pineapple</source>
            <translation>파인애플</translation>
        </message>
        <message>
            <source>Plum</source>
            <translation>자두</translation>
        </message>
        <message>
            <source>Pomegranate</source>
            <translation>석류</translation>
        </message>
        <message>
            <source>Potato</source>
            <translation>감자</translation>
        </message>
        <message>
            <source>Raddish</source>
            <translation>무</translation>
        </message>
        <message>
            <source>Red beet</source>
            <translation>비트</translation>
        </message>
        <message>
            <source>Red grapefruit</source>
            <translation>자몽</translation>
        </message>
        <message>
            <source>Satsumas</source>
            <translation>귤</translation>
        </message>
        <message>
            <source>Soy beans</source>
            <translation>콩</translation>
        </message>
        <message>
            <source>Spinach</source>
            <translation>시금치</translation>
        </message>
        <message>
            <source>Sweetcorn</source>
            <translation>옥수수(스위트콘)</translation>
        </message>
        <message>
            <source>Sweetpotato</source>
            <translation>고구마</translation>
        </message>
        <message>
            <source>Tomato</source>
            <translation>토마토</translation>
        </message>
        <message>
            <source>Turnip</source>
            <translation>순무</translation>
        </message>
        <message>
            <source>Watermelon</source>
            <translation>수박</translation>
        </message>
        <message>
            <source>Zucchini</source>
            <translation>주키니</translation>
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
        <message>
            <source>PRESET</source>
            <translation>프리셋</translation>
        </message>
        <message>
            <source>Quick</source>
            <translation>빠르게</translation>
        </message>
        <message>
            <source>Teaches only the head: a usable model in a minute or two, offline.</source>
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
            <source>As in the notebook</source>
            <translation>노트북 그대로</translation>
        </message>
        <message>
            <source>The published study's recipe to the letter, to compare with.</source>
            <translation>공개된 연구의 설정을 그대로 따릅니다. 비교용입니다.</translation>
        </message>
        <message>
            <source>MODEL</source>
            <translation>모델</translation>
        </message>
        <message>
            <source>The most accurate, and the slowest.</source>
            <translation>가장 정확하고 가장 느립니다.</translation>
        </message>
        <message>
            <source>Small; overfits more easily.</source>
            <translation>작지만 과적합되기 쉽습니다.</translation>
        </message>
        <message>
            <source>Small and quick on any computer.</source>
            <translation>작고 어느 컴퓨터에서나 빠릅니다.</translation>
        </message>
        <message>
            <source>START FROM</source>
            <translation>시작 가중치</translation>
        </message>
        <message>
            <source>What torchvision's model learnt of a million photos; downloaded once.</source>
            <translation>사진 백만 장에서 배운 torchvision 모델입니다. 한 번만 내려받습니다.</translation>
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
            <source>WHAT IS TRAINED</source>
            <translation>학습할 부분</translation>
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
            <source>EPOCHS AT MOST</source>
            <translation>최대 에폭</translation>
        </message>
        <message>
            <source>Epochs at most</source>
            <translation>최대 에폭</translation>
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
        <name>TrainPage</name>
        <message>
            <source>Train</source>
            <translation>학습</translation>
        </message>
        <message>
            <source>Teach a model your own fruit, or anything else</source>
            <translation>나만의 과일이나 무엇이든 모델에게 가르치세요</translation>
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
            <source>Try the demo photos</source>
            <translation>연습용 사진으로 해 보기</translation>
        </message>
        <message>
            <source>2  How to learn</source>
            <translation>2  학습 방법</translation>
        </message>
        <message>
            <source>Start</source>
            <translation>시작</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>정지</translation>
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
            <translation>에폭</translation>
        </message>
        <message>
            <source>Reading “{name}”…</source>
            <translation>“{name}” 읽는 중…</translation>
        </message>
        <message>
            <source>Drawing the demo photos…</source>
            <translation>연습용 사진을 그리는 중…</translation>
        </message>
        <message>
            <source>Drawing the demo photos: {done} of {total}</source>
            <translation>연습용 사진을 그리는 중: {total}장 중 {done}장</translation>
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
            <source>One folder a class. Drop the folder or zip on this page, or choose it.</source>
            <translation>종류마다 폴더 하나씩 준비하세요. 폴더나 zip을 이 화면에 끌어다 놓거나 고르세요.</translation>
        </message>
        <message>
            <source>{name}: {classes} classes, {training} photos to learn from, {validation} to check with</source>
            <translation>{name}: 종류 {classes}개, 학습 사진 {training}장, 검증 사진 {validation}장</translation>
        </message>
        <message>
            <source>Choose a folder with one folder a class</source>
            <translation>종류별 폴더가 든 폴더 고르기</translation>
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
            <source>Starting…</source>
            <translation>시작하는 중…</translation>
        </message>
        <message>
            <source>Stopping…</source>
            <translation>멈추는 중…</translation>
        </message>
        <message>
            <source>Pausing…</source>
            <translation>일시 정지하는 중…</translation>
        </message>
        <message>
            <source>Go on</source>
            <translation>계속</translation>
        </message>
        <message>
            <source>Pause</source>
            <translation>일시 정지</translation>
        </message>
        <message>
            <source>On {device}, {precision}</source>
            <translation>장치: {device}, {precision}</translation>
        </message>
        <message>
            <source>Downloading the weights…</source>
            <translation>가중치를 내려받는 중…</translation>
        </message>
        <message>
            <source>Reading the photos…</source>
            <translation>사진을 읽는 중…</translation>
        </message>
        <message>
            <source>Looking at each photo once…</source>
            <translation>사진을 한 번씩 살펴보는 중…</translation>
        </message>
        <message>
            <source>Paused</source>
            <translation>일시 정지됨</translation>
        </message>
        <message numerus="yes">
            <source>%n photo(s) could not be read and are left out, the last of them “{name}”: {reason}</source>
            <translation>
                <numerusform>읽을 수 없는 사진 %n장을 뺐습니다. 마지막은 “{name}”: {reason}</numerusform>
            </translation>
        </message>
        <message>
            <source>Epoch {epoch} of {epochs}, {time} left at most</source>
            <translation>에폭 {epoch}/{epochs}, 길어도 {time} 남음</translation>
        </message>
        <message>
            <source>Loss {loss}, {speed} photos a second</source>
            <translation>손실 {loss}, 초당 사진 {speed}장</translation>
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
        <message>
            <source>Stopped before the first epoch ended: there is no model.</source>
            <translation>첫 에폭이 끝나기 전에 멈춰 모델이 없습니다.</translation>
        </message>
        <message>
            <source>Done</source>
            <translation>완료</translation>
        </message>
        <message>
            <source>Done: it had stopped getting better</source>
            <translation>완료: 더 나아지지 않아 일찍 끝냈습니다</translation>
        </message>
        <message>
            <source>Stopped, and the best model is kept</source>
            <translation>멈췄고, 가장 좋은 모델을 남겼습니다</translation>
        </message>
        <message>
            <source>The best model is of epoch {epoch}: it names {accuracy} of the photos that it was checked with.</source>
            <translation>가장 좋은 모델은 에폭 {epoch}의 것으로, 검증 사진의 {accuracy}를 맞혔습니다.</translation>
        </message>
        <message>
            <source>Use this model</source>
            <translation>이 모델 사용</translation>
        </message>
        <message>
            <source>The training has failed</source>
            <translation>학습하지 못했습니다</translation>
        </message>
    </context>
    <context>
        <name>Trainer</name>
        <message>
            <source>HEIC photos are not supported. Save the photo as a JPEG and try again.</source>
            <translation>HEIC 사진은 지원하지 않습니다. JPEG로 저장한 뒤 다시 해 보세요.</translation>
        </message>
        <message>
            <source>None of the {count} photos could be read.</source>
            <translation>사진 {count}장 중 읽을 수 있는 것이 없습니다.</translation>
        </message>
        <message>
            <source>Something unexpected went wrong ({detail}).</source>
            <translation>예상하지 못한 문제가 생겼습니다({detail}).</translation>
        </message>
        <message>
            <source>The ImageNet weights could not be downloaded from {host} ({detail}). Go online and try again, or fetch {url} on another machine and choose that file as the weights; training from the starter model needs no download.</source>
            <translation>{host}에서 ImageNet 가중치를 내려받지 못했습니다({detail}). 인터넷에 연결한 뒤 다시 하거나, 다른 컴퓨터에서 {url} 파일을 받아 가중치로 고르세요. 기본 모델에서 시작하면 내려받을 것이 없습니다.</translation>
        </message>
        <message>
            <source>The camera or video “{source}” gives no picture. Check that it is there, and that no other program uses it.</source>
            <translation>카메라 또는 동영상 “{source}”에서 화면을 받지 못했습니다. 연결되어 있는지, 다른 프로그램이 쓰고 있지 않은지 확인하세요.</translation>
        </message>
        <message>
            <source>The camera or video “{source}” has stopped. Connect it and start again.</source>
            <translation>카메라 또는 동영상 “{source}”이(가) 멈췄습니다. 연결한 뒤 다시 시작하세요.</translation>
        </message>
        <message>
            <source>The disk refused to store “{path}” ({detail}). Make room or choose another folder, then resume.</source>
            <translation>디스크에 “{path}”을(를) 저장하지 못했습니다({detail}). 공간을 비우거나 다른 폴더를 고른 뒤 이어서 하세요.</translation>
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
            <translation>모델이 “{name}” 종류를 모릅니다.</translation>
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
            <source>The picture is damaged ({detail}). Save it anew from its source.</source>
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
            <source>The run's state “{path}” is damaged, so it cannot go on.</source>
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
            <translation>교사 모델 “{teacher}”이(가) 배운 종류가 “{path}”와 다릅니다.</translation>
        </message>
        <message>
            <source>The weights in “{path}” are not a {model}'s. Choose another file or another model.</source>
            <translation>“{path}”의 가중치는 {model}의 것이 아닙니다. 다른 파일이나 다른 모델을 고르세요.</translation>
        </message>
        <message>
            <source>The weights in “{path}” are of no model known here.</source>
            <translation>“{path}”의 가중치는 여기서 아는 모델의 것이 아닙니다.</translation>
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
            <source>“{path}” cannot be read ({detail}).</source>
            <translation>“{path}”을(를) 읽을 수 없습니다({detail}).</translation>
        </message>
        <message>
            <source>“{path}” cannot be unpacked ({detail}).</source>
            <translation>“{path}”의 압축을 풀 수 없습니다({detail}).</translation>
        </message>
        <message>
            <source>“{path}” has no readable photo of a class that the model knows.</source>
            <translation>“{path}”에는 모델이 아는 종류의 읽을 수 있는 사진이 없습니다.</translation>
        </message>
        <message>
            <source>“{path}” has no readable photos in its {split} split.</source>
            <translation>“{path}”의 {split} 부분에 읽을 수 있는 사진이 없습니다.</translation>
        </message>
        <message>
            <source>“{path}” holds other files. Choose an empty folder for the demo data set.</source>
            <translation>“{path}”에 다른 파일이 있습니다. 연습용 사진에는 빈 폴더를 고르세요.</translation>
        </message>
        <message>
            <source>“{path}” holds photos of {count} classes, but at least 2 are needed: put the photos of each class into a folder of their own.</source>
            <translation>“{path}”에는 종류가 {count}개뿐입니다. 적어도 2개가 필요합니다. 종류마다 폴더를 만들어 사진을 넣으세요.</translation>
        </message>
        <message>
            <source>“{path}” is a safetensors file, but not a model of this app.</source>
            <translation>“{path}”은(는) safetensors 파일이지만 이 앱의 모델이 아닙니다.</translation>
        </message>
        <message>
            <source>“{path}” is damaged or not a model file ({detail}).</source>
            <translation>“{path}”이(가) 손상되었거나 모델 파일이 아닙니다({detail}).</translation>
        </message>
        <message>
            <source>“{path}” is damaged, or holds something else than a network's weights.</source>
            <translation>“{path}”이(가) 손상되었거나 신경망 가중치가 아닙니다.</translation>
        </message>
        <message>
            <source>“{path}” is neither a folder nor a zip file.</source>
            <translation>“{path}”은(는) 폴더도 zip 파일도 아닙니다.</translation>
        </message>
        <message>
            <source>“{path}” is too large to unpack.</source>
            <translation>“{path}”은(는) 너무 커서 풀 수 없습니다.</translation>
        </message>
        <message>
            <source>“{path}” tells {known} classes apart, but {given} names were given.</source>
            <translation>“{path}”은(는) 종류 {known}개를 구분하는데 이름은 {given}개입니다.</translation>
        </message>
        <message>
            <source>“{root}” has no split “{name}”, only: {known}.</source>
            <translation>“{root}”에는 “{name}” 부분이 없고 다음만 있습니다: {known}.</translation>
        </message>
        <message>
            <source>“{value}” is no choice for {name}. Choose one of: {known}.</source>
            <translation>{name}에 “{value}”은(는) 쓸 수 없습니다. 다음 중에서 고르세요: {known}.</translation>
        </message>
    </context>
</TS>
