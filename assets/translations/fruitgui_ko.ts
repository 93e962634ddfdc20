<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko">
<context>
    <name>CameraPage</name>
    <message>
        <location filename="../../fruitgui/pages/camera.py" line="101"/>
        <source>Camera</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/camera.py" line="102"/>
        <source>Video file…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/camera.py" line="103"/>
        <source>Address…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/camera.py" line="104"/>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/camera.py" line="104"/>
        <source>Start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/camera.py" line="105"/>
        <source>Mirror the picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/camera.py" line="106"/>
        <source>THE MODEL SEES</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/camera.py" line="107"/>
        <source>Camera or video</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/camera.py" line="108"/>
        <source>Hold something to the camera</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/camera.py" line="110"/>
        <source>Choose a camera, a video file or a network address, and press Start.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/camera.py" line="112"/>
        <source>No camera found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/camera.py" line="116"/>
        <source>Camera {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/camera.py" line="145"/>
        <source>No camera was found. Connect one, or choose a video file or an address.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/camera.py" line="196"/>
        <source>Choose a video</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/camera.py" line="198"/>
        <source>Videos ({patterns})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/camera.py" line="209"/>
        <source>Network camera</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/camera.py" line="210"/>
        <source>Address of an MJPEG or RTSP stream:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/camera.py" line="220"/>
        <source>An address starts with http://, https:// or rtsp://, then the camera&apos;s name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/camera.py" line="250"/>
        <source>Not sure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/camera.py" line="252"/>
        <source>{share} sure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/camera.py" line="254"/>
        <source>{milliseconds} ms from the camera to the label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/camera.py" line="265"/>
        <source>The video is over.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ClassifyPage</name>
    <message>
        <location filename="../../fruitgui/pages/classify.py" line="140"/>
        <source>Classify</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/classify.py" line="141"/>
        <source>Add photos…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/classify.py" line="142"/>
        <source>Add folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/classify.py" line="143"/>
        <source>Paste</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/classify.py" line="144"/>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/classify.py" line="145"/>
        <source>Clear</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/classify.py" line="146"/>
        <source>What is on your photos?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/classify.py" line="148"/>
        <source>Drop photos or a folder anywhere here, choose them, or paste a picture.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/classify.py" line="150"/>
        <source>Choose photos…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/classify.py" line="151"/>
        <source>Try the samples</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/classify.py" line="152"/>
        <source>Photos and their labels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/classify.py" line="202"/>
        <source>There are no pictures in there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/classify.py" line="232"/>
        <source>Fruit and vegetables, recognised on this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/classify.py" line="235"/>
        <source>{done} of {count} photos</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../../fruitgui/pages/classify.py" line="238"/>
        <source>%n photo(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/classify.py" line="266"/>
        <source>Choose photos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/classify.py" line="268"/>
        <source>Pictures ({patterns})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/classify.py" line="277"/>
        <source>Choose a folder of photos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/classify.py" line="299"/>
        <source>Pictures on the web are not fetched, so that nothing you do leaves this computer. Save the picture, and drop the file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/classify.py" line="305"/>
        <source>There is no picture to take. Copy a picture or files, and try again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CrashReporter</name>
    <message>
        <location filename="../../fruitgui/app.py" line="82"/>
        <source>Something unexpected went wrong. Your photos and models are safe.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>EpochTable</name>
    <message>
        <location filename="../../fruitgui/models/epochs.py" line="51"/>
        <source>Epoch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/models/epochs.py" line="52"/>
        <source>Training
loss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/models/epochs.py" line="53"/>
        <source>Training
accuracy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/models/epochs.py" line="54"/>
        <source>Validation
loss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/models/epochs.py" line="55"/>
        <source>Validation
accuracy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/models/epochs.py" line="56"/>
        <source>Seconds</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <location filename="../../fruitgui/window.py" line="123"/>
        <source>Fruit and vegetables</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/window.py" line="125"/>
        <source>Classify</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/window.py" line="125"/>
        <source>Camera</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/window.py" line="125"/>
        <source>Train</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/window.py" line="125"/>
        <source>Models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/window.py" line="129"/>
        <source>MODEL IN USE</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/window.py" line="130"/>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/window.py" line="185"/>
        <source>Loading the model…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/window.py" line="189"/>
        <source>Starter model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/window.py" line="195"/>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/window.py" line="197"/>
        <location filename="../../fruitgui/window.py" line="203"/>
        <source>As the system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/window.py" line="200"/>
        <source>Appearance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/window.py" line="204"/>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/window.py" line="205"/>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/window.py" line="213"/>
        <source>About Qt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/window.py" line="250"/>
        <source>A model is being trained.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/window.py" line="251"/>
        <source>Stop the training, and keep the best model so far?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/window.py" line="252"/>
        <source>Stop and close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/window.py" line="253"/>
        <source>Go on training</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <location filename="../../fruitgui/pages/models.py" line="107"/>
        <location filename="../../fruitgui/pages/models.py" line="114"/>
        <source>Models</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/models.py" line="108"/>
        <source>What Classify and Camera can answer with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/models.py" line="109"/>
        <source>Import…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/models.py" line="110"/>
        <source>Use this model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/models.py" line="111"/>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/models.py" line="112"/>
        <source>WHAT IT TELLS APART</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/models.py" line="113"/>
        <source>FILE</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/models.py" line="160"/>
        <source>Importing “{name}”…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/models.py" line="169"/>
        <source>Starter model</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../../fruitgui/pages/models.py" line="172"/>
        <source>%n class(es)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/models.py" line="175"/>
        <source>{accuracy} right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/models.py" line="177"/>
        <source>in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/models.py" line="199"/>
        <source>sees {size}×{size} pixels</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/models.py" line="204"/>
        <source>{accuracy} of {count} validation photos right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/models.py" line="226"/>
        <source>Choose a model file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/models.py" line="228"/>
        <source>Models ({patterns})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/models.py" line="238"/>
        <source>Choose the data set that it learnt from, for the names of its classes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/models.py" line="272"/>
        <source>Move “{name}” to the trash?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/models.py" line="273"/>
        <source>Move to the trash</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/models.py" line="283"/>
        <source>“{path}” could not be moved to the trash.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PhotoCardDelegate</name>
    <message>
        <location filename="../../fruitgui/widgets/photo_card.py" line="109"/>
        <source>Waiting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/widgets/photo_card.py" line="111"/>
        <source>Cannot be read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/widgets/photo_card.py" line="123"/>
        <source>Not sure</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Produce</name>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="6"/>
        <source>Apple</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="7"/>
        <source>Asparagus</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="8"/>
        <source>Aubergine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="9"/>
        <source>Avocado</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="10"/>
        <source>Banana</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="11"/>
        <source>Beetroot</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="12"/>
        <source>Bell pepper</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="13"/>
        <source>Brown cap mushroom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="14"/>
        <source>Cabbage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="15"/>
        <source>Capsicum</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="16"/>
        <source>Carrot</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="17"/>
        <source>Carrots</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="18"/>
        <source>Cauliflower</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="19"/>
        <source>Chilli pepper</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="20"/>
        <source>Corn</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="21"/>
        <source>Cucumber</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="22"/>
        <source>Eggplant</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="23"/>
        <source>Garlic</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="24"/>
        <source>Ginger</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="25"/>
        <source>Grapes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="26"/>
        <source>Jalepeno</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="27"/>
        <source>Kiwi</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="28"/>
        <source>Leek</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="29"/>
        <source>Lemon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="30"/>
        <source>Lettuce</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="31"/>
        <source>Lime</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="32"/>
        <source>Mango</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="33"/>
        <source>Melon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="34"/>
        <source>Nectarine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="35"/>
        <source>Onion</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="36"/>
        <source>Orange</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="37"/>
        <source>Papaya</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="38"/>
        <source>Paprika</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="39"/>
        <source>Passion fruit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="40"/>
        <source>Peach</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="41"/>
        <source>Pear</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="42"/>
        <source>Peas</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="43"/>
        <source>Pepper</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="44"/>
        <source>Pineapple</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="45"/>
        <source>Plum</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="46"/>
        <source>Pomegranate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="47"/>
        <source>Potato</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="48"/>
        <source>Raddish</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="49"/>
        <source>Red beet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="50"/>
        <source>Red grapefruit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="51"/>
        <source>Satsumas</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="52"/>
        <source>Soy beans</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="53"/>
        <source>Spinach</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="54"/>
        <source>Sweetcorn</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="55"/>
        <source>Sweetpotato</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="56"/>
        <source>Tomato</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="57"/>
        <source>Turnip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="58"/>
        <source>Watermelon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/produce_names.py" line="59"/>
        <source>Zucchini</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RecipeForm</name>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="85"/>
        <source>Choose a weights file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="87"/>
        <source>Weights ({patterns})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="98"/>
        <source>PRESET</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="101"/>
        <source>Quick</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="102"/>
        <source>Teaches only the head: a usable model in a minute or two, offline.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="105"/>
        <source>Thorough</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="106"/>
        <source>Fine-tunes the last stage of a larger model: better, and slower.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="109"/>
        <source>As in the notebook</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="110"/>
        <source>The published study&apos;s recipe to the letter, to compare with.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="115"/>
        <source>MODEL</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="117"/>
        <source>The most accurate, and the slowest.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="118"/>
        <source>Small; overfits more easily.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="119"/>
        <source>Small and quick on any computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="123"/>
        <location filename="../../fruitgui/pages/recipe_form.py" line="163"/>
        <source>START FROM</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="128"/>
        <source>What torchvision&apos;s model learnt of a million photos; downloaded once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="132"/>
        <source>Starter model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="133"/>
        <source>Knows fruit and vegetables already; needs no download.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="136"/>
        <source>Nothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="137"/>
        <source>Random weights: needs thousands of photos and hours.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="143"/>
        <source>WHAT IS TRAINED</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="145"/>
        <source>Head only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="145"/>
        <source>Fastest; enough for few photos.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="147"/>
        <source>Last stage and head</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="148"/>
        <source>A good balance of time and accuracy.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="150"/>
        <source>Everything</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="150"/>
        <source>Slowest; for many photos.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="152"/>
        <source>Gradually everything</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="153"/>
        <source>Starts with the head, and thaws one stage after another.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="157"/>
        <source>EPOCHS AT MOST</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="158"/>
        <source>Epochs at most</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="161"/>
        <source>A file…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/recipe_form.py" line="163"/>
        <source>Weights of the same model, by hand.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TrainPage</name>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="164"/>
        <source>Train</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="165"/>
        <source>Teach a model your own fruit, or anything else</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="166"/>
        <source>1  Photos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="167"/>
        <source>Folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="168"/>
        <source>Zip…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="169"/>
        <source>Try the demo photos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="170"/>
        <source>2  How to learn</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="171"/>
        <source>Start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="172"/>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="173"/>
        <source>training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="173"/>
        <source>validation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="174"/>
        <source>Loss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="175"/>
        <source>Accuracy (%)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="176"/>
        <source>Epochs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="191"/>
        <source>Reading “{name}”…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="198"/>
        <source>Drawing the demo photos…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="216"/>
        <source>Drawing the demo photos: {done} of {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="238"/>
        <source>Ready to start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="238"/>
        <source>Choose photos to start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="242"/>
        <source>One folder a class. Drop the folder or zip on this page, or choose it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="248"/>
        <source>{name}: {classes} classes, {training} photos to learn from, {validation} to check with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="261"/>
        <source>Choose a folder with one folder a class</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="271"/>
        <source>Choose a zip of photos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="273"/>
        <source>Zip files ({patterns})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="320"/>
        <source>Starting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="328"/>
        <source>Stopping…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="340"/>
        <source>Pausing…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="358"/>
        <source>Go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="358"/>
        <source>Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="369"/>
        <source>On {device}, {precision}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="375"/>
        <source>Downloading the weights…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="376"/>
        <source>Reading the photos…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="377"/>
        <source>Looking at each photo once…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="389"/>
        <source>Paused</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../../fruitgui/pages/train.py" line="396"/>
        <source>%n photo(s) could not be read and are left out, the last of them “{name}”: {reason}</source>
        <translation type="unfinished">
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="408"/>
        <source>Epoch {epoch} of {epochs}, {time} left at most</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="413"/>
        <source>Loss {loss}, {speed} photos a second</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="422"/>
        <source>{count} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="424"/>
        <source>{count} min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="425"/>
        <source>{count} h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="443"/>
        <source>Stopped before the first epoch ended: there is no model.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="448"/>
        <source>Done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="449"/>
        <source>Done: it had stopped getting better</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="450"/>
        <source>Stopped, and the best model is kept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="456"/>
        <source>The best model is of epoch {epoch}: it names {accuracy} of the photos that it was checked with.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../fruitgui/pages/train.py" line="459"/>
        <source>Use this model</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
